package io.github.lift4j.engine.generation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.github.lift4j.engine.LiftException;
import io.github.lift4j.engine.TinyModel;
import io.github.lift4j.engine.transformer.Adaptation;
import io.github.lift4j.engine.transformer.Transformer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.CancellationException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class ContextTest {

    private static Transformer model;

    @BeforeAll
    static void load() {
        model = TinyModel.load("smollm2");
    }

    @AfterAll
    static void close() {
        model.close();
    }

    @Test
    void scoresDoNotDependOnHowTheTextIsCutIntoReads() {
        int[] ids = ids(40);
        double[] whole;
        try (Context context = context()) {
            context.read(ids[0]);
            whole = context.score(Arrays.copyOfRange(ids, 1, 40));
        }
        try (Context context = context()) {
            context.read(Arrays.copyOfRange(ids, 0, 17));
            context.read(Arrays.copyOfRange(ids, 17, 25));
            double[] rest = context.score(Arrays.copyOfRange(ids, 25, 40));
            for (int i = 0; i < rest.length; i++) {
                assertThat(rest[i]).isCloseTo(whole[24 + i], within(1e-4));
            }
        }
    }

    @Test
    void rewindingGivesTheAnswersOfAFreshWindow() {
        int[] ids = ids(30);
        int[] other = ids(12);
        try (Context used = context();
                Context fresh = context()) {
            used.read(ids);
            used.read(other);
            used.rewind(30);
            used.read(5, 6, 7);
            fresh.read(ids);
            fresh.read(5, 6, 7);
            assertThat(write(used, Sampling.GREEDY, 10)).isEqualTo(write(fresh, Sampling.GREEDY, 10));
        }
    }

    @Test
    void theSeedFixesWhatIsSampled() {
        Sampling warm = new Sampling(1.3, 40, 0.95, 1.1, 7);
        Sampling other = new Sampling(1.3, 40, 0.95, 1.1, 8);
        assertThat(sampled(warm)).isEqualTo(sampled(warm)).isNotEqualTo(sampled(other));
    }

    @Test
    void oneChoiceLeftIsGreedy() {
        assertThat(sampled(new Sampling(5, 1, 1, 1, 3))).isEqualTo(sampled(Sampling.GREEDY));
        assertThat(sampled(new Sampling(5, 0, 1e-9, 1, 3))).isEqualTo(sampled(Sampling.GREEDY));
    }

    @Test
    void stopIdsAreNotHandedOn() {
        List<Integer> free = sampled(Sampling.GREEDY);
        try (Context context = context()) {
            context.read(ids(20));
            List<Integer> stopped = new ArrayList<>();
            int stop = free.get(3);
            context.generate(Sampling.GREEDY, Set.of(stop), 15, stopped::add);
            assertThat(stopped).isEqualTo(free.subList(0, free.indexOf(stop)));
        }
    }

    @Test
    void aPromptLongerThanTheWindowIsRefusedInWords() {
        try (Context context = context()) {
            int[] tooMany = new int[model.config().window() + 1];
            assertThatThrownBy(() -> context.read(tooMany))
                    .isInstanceOf(LiftException.class)
                    .hasMessageContaining("window");
        }
    }

    @Test
    void anInterruptStopsAReading() {
        try (Context context = context()) {
            Thread.currentThread().interrupt();
            assertThatThrownBy(() -> context.read(1, 2, 3)).isInstanceOf(CancellationException.class);
            assertThat(Thread.interrupted()).isTrue();
        }
    }

    private static Context context() {
        return new Context(model, Adaptation.NONE);
    }

    private static int[] ids(int count) {
        return new SplittableRandom(count).ints(count, 0, 128).toArray();
    }

    private static List<Integer> sampled(Sampling sampling) {
        try (Context context = context()) {
            context.read(ids(20));
            return write(context, sampling, 15);
        }
    }

    private static List<Integer> write(Context context, Sampling sampling, int limit) {
        List<Integer> written = new ArrayList<>();
        context.generate(sampling, Set.of(), limit, written::add);
        return written;
    }
}
