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
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is written and scored side by side is what each would be alone. */
class ContinuationsTest {

    private static final List<int[]> SUFFIXES =
            Stream.of(7, 3, 12, 1, 5, 9).map(n -> ids(n, n)).toList();

    @ParameterizedTest
    @ValueSource(strings = {"smollm2", "llama3", "qwen3", "mistral-window"})
    void writingTogetherIsWritingAlone(String family) {
        try (Transformer model = TinyModel.load(family)) {
            for (int prefix : new int[] {0, 21}) {
                List<int[]> alone = new ArrayList<>();
                for (int[] suffix : SUFFIXES) {
                    try (Context context = context(model, prefix)) {
                        List<Integer> written = new ArrayList<>();
                        context.read(suffix);
                        context.generate(Sampling.GREEDY, Set.of(5, 17), 20, written::add);
                        alone.add(written.stream().mapToInt(i -> i).toArray());
                    }
                }
                try (Context context = context(model, prefix)) {
                    List<Written> together =
                            context.writeEach(SUFFIXES, Sampling.GREEDY, seeds(0), Set.of(5, 17), 20, 0);
                    assertThat(together).extracting(Written::ids).containsExactlyElementsOf(alone);
                    assertThat(context.length()).isEqualTo(prefix);
                }
            }
        }
    }

    @Test
    void scoringTogetherIsScoringAlone() {
        List<int[]> continuations =
                Stream.of(4, 9, 1, 6, 2, 3).map(n -> ids(n, 50 + n)).toList();
        try (Transformer model = TinyModel.load("smollm2");
                Context together = context(model, 30)) {
            List<double[]> scores = together.scoreEach(SUFFIXES, continuations);
            for (int i = 0; i < SUFFIXES.size(); i++) {
                try (Context alone = context(model, 30)) {
                    alone.read(SUFFIXES.get(i));
                    assertThat(scores.get(i)).containsExactly(alone.score(continuations.get(i)), within(1e-4));
                }
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"smollm2", "llama3", "qwen3", "mistral-window"})
    void oddsTogetherAreScoresAlone(String family) {
        try (Transformer model = TinyModel.load(family);
                Context together = context(model, 30)) {
            double[] odds = together.oddsEach(SUFFIXES, 7, 40);
            assertThat(together.length()).isEqualTo(30);
            for (int i = 0; i < SUFFIXES.size(); i++) {
                double alone = nll(model, 30, SUFFIXES.get(i), 40) - nll(model, 30, SUFFIXES.get(i), 7);
                assertThat(odds[i]).isCloseTo(alone, within(1e-4));
            }
            assertThatThrownBy(() -> together.oddsEach(List.of(ids(5000, 1)), 7, 40))
                    .isInstanceOf(LiftException.class);
        }
    }

    @Test
    void oddsOfLongerAnswersAreOfAllTheirTokens() {
        List<int[]> prompts = SUFFIXES.stream()
                .map(suffix -> Continuations.joined(ids(9, 3), suffix))
                .toList();
        try (Transformer model = TinyModel.load("smollm2")) {
            BatchOdds odds = new BatchOdds(model, Adaptation.NONE);
            List<Double> found = odds.of(prompts, new int[] {7, 8, 9}, new int[] {40, 41});
            List<Double> ofOne = odds.of(prompts, new int[] {7}, new int[] {40});
            for (int i = 0; i < prompts.size(); i++) {
                int[] prompt = prompts.get(i);
                assertThat(found.get(i))
                        .isCloseTo(nll(model, 0, prompt, 40, 41) - nll(model, 0, prompt, 7, 8, 9), within(1e-4));
                assertThat(ofOne.get(i)).isCloseTo(nll(model, 0, prompt, 40) - nll(model, 0, prompt, 7), within(1e-4));
            }
            assertThat(odds.of(List.of(), new int[] {7}, new int[] {40})).isEmpty();
        }
    }

    private static double nll(Transformer model, int prefix, int[] suffix, int... answer) {
        try (Context alone = context(model, prefix)) {
            alone.read(suffix);
            return Arrays.stream(alone.score(answer)).sum();
        }
    }

    @Test
    void aRowsDrawsDoNotDependOnTheRowsBesideIt() {
        Sampling warm = new Sampling(1.2, 0, 1, 1, 0);
        try (Transformer model = TinyModel.load("smollm2");
                Context context = context(model, 10)) {
            List<Written> all = context.writeEach(SUFFIXES, warm, seeds(3), Set.of(), 12, 0);
            List<Written> few =
                    context.writeEach(SUFFIXES.subList(2, 4), warm, seeds(3).subList(2, 4), Set.of(), 12, 0);
            assertThat(few.get(0).ids()).isEqualTo(all.get(2).ids());
            assertThat(few.get(1).ids()).isEqualTo(all.get(3).ids());
            assertThat(context.writeEach(SUFFIXES, warm, seeds(4), Set.of(), 12, 0)
                            .get(2)
                            .ids())
                    .isNotEqualTo(all.get(2).ids());
        }
    }

    @Test
    void drawsFollowTheDistribution() {
        int rows = 4000;
        try (Transformer model = TinyModel.load("smollm2");
                Context context = context(model, 6)) {
            List<int[]> same =
                    IntStream.range(0, rows).mapToObj(i -> new int[] {9}).toList();
            List<Long> seeds = IntStream.range(0, rows).mapToObj(i -> (long) i).toList();
            TopChoices likely = context.writeEach(
                            same.subList(0, 1), Sampling.GREEDY, seeds.subList(0, 1), Set.of(), 1, 3)
                    .getFirst()
                    .choices()
                    .orElseThrow();
            List<Written> drawn = context.writeEach(same, new Sampling(1, 0, 1, 1, 0), seeds, Set.of(), 1, 0);
            for (int k = 0; k < 3; k++) {
                int id = likely.ids()[k];
                double share = drawn.stream().filter(w -> w.ids()[0] == id).count() / (double) rows;
                assertThat(share).isCloseTo(Math.exp(likely.logProbabilities()[k]), within(0.02));
            }
        }
    }

    @Test
    void theLikeliestTokensAreNotedUpToTheStop() {
        try (Transformer model = TinyModel.load("smollm2");
                Context context = context(model, 8)) {
            Written free = context.writeEach(
                            SUFFIXES.subList(0, 1), Sampling.GREEDY, seeds(0).subList(0, 1), Set.of(), 9, 0)
                    .getFirst();
            int stop = free.ids()[4];
            int first = IntStream.range(0, 9)
                    .filter(i -> free.ids()[i] == stop)
                    .findFirst()
                    .orElseThrow();
            Written stopped = context.writeEach(
                            SUFFIXES.subList(0, 1), Sampling.GREEDY, seeds(0).subList(0, 1), Set.of(stop), 9, 4)
                    .getFirst();
            assertThat(stopped.stop()).contains(stop);
            assertThat(stopped.ids()).isEqualTo(Arrays.copyOf(free.ids(), first));
            TopChoices choices = stopped.choices().orElseThrow();
            assertThat(choices.positions()).isEqualTo(first + 1);
            for (int i = 0; i <= first; i++) {
                assertThat(choices.ids()[i * 4]).isEqualTo(free.ids()[i]);
                assertThat(choices.logProbabilities()[i * 4]).isBetween(choices.logProbabilities()[i * 4 + 1], 0f);
            }
        }
    }

    @Test
    void whatDoesNotFitIsRefusedInWords() {
        try (Transformer model = TinyModel.load("smollm2");
                Context context = context(model, 8)) {
            int[] tooLong = new int[model.config().window()];
            assertThatThrownBy(() -> context.writeEach(List.of(tooLong), Sampling.GREEDY, List.of(0L), Set.of(), 4, 0))
                    .isInstanceOf(LiftException.class)
                    .hasMessageContaining("window");
        }
    }

    private static Context context(Transformer model, int prefix) {
        Context context = new Context(model, Adaptation.NONE);
        if (prefix > 0) {
            context.read(ids(prefix, 1));
        }
        return context;
    }

    private static List<Long> seeds(long first) {
        return IntStream.range(0, SUFFIXES.size()).mapToObj(i -> first + i).toList();
    }

    private static int[] ids(int count, int seed) {
        return new SplittableRandom(seed).ints(count, 0, 128).toArray();
    }
}
