package io.github.lift4j.engine.hub;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Optional;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ModelIdTest {

    @Test
    void readsTheRevisionAndTheFile() {
        assertThat(ModelId.parse("meta-llama/Llama-3.2-1B"))
                .contains(new ModelId("meta-llama", "Llama-3.2-1B", "main", Optional.empty()));
        assertThat(ModelId.parse("a/b@refs/pr/7")).contains(new ModelId("a", "b", "refs/pr/7", Optional.empty()));
        assertThat(ModelId.parse("a/b/q4/x.Q4_K_M.gguf@v1"))
                .contains(new ModelId("a", "b", "v1", Optional.of("q4/x.Q4_K_M.gguf")));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "name",
                "/a/b",
                "a/b/",
                "a/b/c",
                "a//b",
                "../b",
                "a/..",
                "a/b--c",
                "a/b@",
                "a/b@../x",
                "a/b@x/../y",
                "a/b/../x.gguf",
                "a/b/./x.gguf",
                "a/b//x.gguf",
                "a/b/x\\..\\y.gguf",
                "a/b\n",
                "a/b c",
                "a/.b"
            })
    void refusesWhatIsNoId(String text) {
        assertThat(ModelId.parse(text)).isEmpty();
    }

    /** Whatever is accepted, its files lie in the cache. */
    @Property
    void neverLeavesTheCache(@ForAll("almostIds") String text) {
        HubCache cache = new HubCache(Path.of("/cache"));
        ModelId.parse(text).ifPresent(id -> {
            Path repository = cache.repository(id);
            Path snapshot = cache.snapshot(id, FakeHub.COMMIT);
            Path refs = repository.resolve("refs");
            assertThat(repository.normalize().getParent()).isEqualTo(cache.root());
            assertThat(refs.resolve(id.revision()).normalize())
                    .isNotEqualTo(refs)
                    .startsWithRaw(refs);
            assertThat(snapshot.resolve(id.file().orElse("x")).normalize())
                    .isNotEqualTo(snapshot)
                    .startsWithRaw(snapshot);
        });
    }

    @Provide
    Arbitrary<String> almostIds() {
        return Arbitraries.of("a", "B", "/", "/", ".", "..", "-", "--", "_", "@", "\\", ":", "~", ".gguf", "a/b", "\0")
                .list()
                .ofMinSize(1)
                .ofMaxSize(10)
                .map(parts -> String.join("", parts));
    }
}
