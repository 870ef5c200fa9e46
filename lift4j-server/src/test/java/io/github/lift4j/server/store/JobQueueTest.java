package io.github.lift4j.server.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whose turn it is, and what became of those that had theirs. */
class JobQueueTest {

    private static final Clock FIXED = Clock.fixed(Instant.ofEpochSecond(1_000), ZoneOffset.UTC);

    @Test
    void tenantsTakeTurnsAndEachOnesOldestJobIsFirst(@TempDir Path folder) throws IOException {
        Tenant many = new Tenant("many");
        Tenant few = new Tenant("few");
        List<String> done = new ArrayList<>();
        try (Store store = Store.open(folder, FIXED)) {
            for (int i = 0; i < 3; i++) {
                add(store, many, "many" + i);
            }
            add(store, few, "few0");
            for (int i = 0; i < 4; i++) {
                Job job = store.jobs().next("base").orElseThrow();
                assertThat(store.jobs().succeed(job, 1)).isTrue();
                done.add(job.memory().replaceAll("-.*", ""));
            }
            assertThat(store.jobs().next("base")).isEmpty();
        }
        assertThat(done).containsExactly("many0", "few0", "many1", "many2");
    }

    @Test
    void ofFinishedJobsOnABaseThoseWithoutTheirMemoryDoNotCount(@TempDir Path folder) throws IOException {
        Tenant one = new Tenant("one");
        Tenant other = new Tenant("other");
        try (Store store = Store.open(folder, FIXED)) {
            JobQueue jobs = store.jobs();
            add(store, one, "first");
            add(store, one, "second");
            add(store, other, "third");
            List<Job> done = Stream.generate(() -> jobs.next("base").orElseThrow())
                    .limit(3)
                    .peek(job -> assertThat(jobs.succeed(job, 1)).isTrue())
                    .toList();
            assertThat(names(jobs.finishedOn("base", 2))).containsExactly("third", "second");
            Job second = done.stream()
                    .filter(job -> job.memory().startsWith("second"))
                    .findFirst()
                    .orElseThrow();
            assertThat(jobs.forget(one, second.memory())).isTrue();
            assertThat(names(jobs.finishedOn("base", 2))).containsExactly("third", "first");
            assertThat(jobs.finishedOn("another", 2)).isEmpty();
        }
    }

    private static List<String> names(List<Job> jobs) {
        return jobs.stream().map(job -> job.memory().replaceAll("-.*", "")).toList();
    }

    private static void add(Store store, Tenant tenant, String suffix) throws IOException {
        Path received = Files.writeString(store.files().receiving(), "text");
        String file = store.files()
                .add(tenant, received, "a.txt", "fine-tune", 10)
                .orElseThrow()
                .id();
        Job.Wish wish = new Job.Wish("model", "base", file, Optional.of(suffix), "fast", 7, "{}");
        assertThat(store.jobs().add(tenant, wish, 10)).isPresent();
    }
}
