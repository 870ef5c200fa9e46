package io.github.lift4j.engine.generation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.github.lift4j.engine.LiftException;
import io.github.lift4j.engine.TinyModel;
import io.github.lift4j.engine.transformer.Adaptation;
import io.github.lift4j.engine.transformer.Transformer;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.CancellationException;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whoever comes and goes beside it, a text is what it would be alone. */
class ContinuousBatchTest {

    private static final Set<Integer> STOPS = Set.of(5, 17);

    /** A text and what was heard of it. */
    private record Heard(int[] suffix, Sampling sampling, int limit, List<Integer> heard) {

        static Heard of(int tokens, int seed, Sampling sampling, int limit) {
            return new Heard(ids(tokens, seed), sampling, limit, new ArrayList<>());
        }

        ContinuousBatch.Text text() {
            return new ContinuousBatch.Text(suffix, sampling, limit, heard::add);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"smollm2", "llama3", "qwen3", "mistral-window"})
    void textsInCompanyAreTextsAlone(String family) {
        try (Transformer model = TinyModel.load(family)) {
            for (int prefix : new int[] {0, 21}) {
                List<Heard> texts = IntStream.range(0, 24)
                        .mapToObj(i -> Heard.of(1 + i * 37 % 61, i, Sampling.GREEDY, 3 + i * 13 % 40))
                        .toList();
                try (Context context = context(model, prefix);
                        ContinuousBatch batch = context.batch(STOPS)) {
                    // Two more at every third step, so that some come as others go.
                    for (int step = 0; step < 36 || batch.size() > 0; step++) {
                        if (step % 3 == 0 && step < 36) {
                            batch.join(texts.get(step / 3 * 2).text());
                            batch.join(texts.get(step / 3 * 2 + 1).text());
                        }
                        batch.step();
                    }
                    assertThat(context.length()).isEqualTo(prefix);
                }
                for (Heard text : texts) {
                    assertThat(text.heard)
                            .as("text of " + text.suffix.length)
                            .isEqualTo(alone(model, prefix, text, STOPS));
                }
            }
        }
    }

    @Test
    void drawsDependOnATextsOwnSeedAndManner() {
        try (Transformer model = TinyModel.load("smollm2");
                Context context = context(model, 9);
                ContinuousBatch batch = context.batch(Set.of())) {
            List<Heard> texts = List.of(
                    Heard.of(4, 1, new Sampling(1.3, 0, 1, 1, 3), 20),
                    Heard.of(9, 2, Sampling.GREEDY, 12),
                    Heard.of(4, 1, new Sampling(1.3, 0, 1, 1, 4), 20),
                    Heard.of(7, 3, new Sampling(0.8, 20, 0.9, 1.2, 5), 30));
            texts.forEach(text -> batch.join(text.text()));
            writeAll(batch);
            for (Heard text : texts) {
                assertThat(text.heard).isEqualTo(alone(model, 9, text, Set.of()));
            }
            assertThat(texts.get(0).heard).isNotEqualTo(texts.get(2).heard);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 3, 1000})
    void whoAsksIsToldTheOddsOfWhatWasChosen(int likeliest) {
        try (Transformer model = TinyModel.load("smollm2");
                Context context = context(model, 9);
                ContinuousBatch batch = context.batch(Set.of())) {
            Heard quiet = Heard.of(5, 1, Sampling.GREEDY, 12);
            List<TokenOdds> greedy = new ArrayList<>();
            List<TokenOdds> drawn = new ArrayList<>();
            Sampling warm = new Sampling(1.7, 0, 0.9, 1.1, 3);
            batch.join(quiet.text());
            batch.join(asking(ids(7, 2), Sampling.GREEDY, likeliest, greedy));
            int few = Math.min(likeliest, 2);
            batch.join(asking(ids(4, 3), warm, few, drawn));
            writeAll(batch);

            assertThat(quiet.heard).isEqualTo(alone(model, 9, quiet, Set.of()));
            assertOdds(
                    model, ids(7, 2), greedy, Math.min(likeliest, model.config().vocabulary()));
            assertOdds(model, ids(4, 3), drawn, few);
            greedy.forEach(odds ->
                    assertThat(odds.likeliest().stream().limit(1)).allMatch(first -> first.equals(odds.chosen())));
            assertThat(drawn).anyMatch(odds -> !odds.likeliest().contains(odds.chosen()));
        }
    }

    private static ContinuousBatch.Text asking(int[] suffix, Sampling sampling, int likeliest, List<TokenOdds> told) {
        return new ContinuousBatch.Text(
                suffix, sampling, 10, OptionalInt.of(likeliest), (id, odds) -> told.add(odds.orElseThrow()));
    }

    /** As the same tokens are scored when they are read. */
    private static void assertOdds(Transformer model, int[] suffix, List<TokenOdds> told, int width) {
        int[] ids = told.stream().mapToInt(odds -> odds.chosen().id()).toArray();
        try (Context context = context(model, 9)) {
            double[] score = context.scoreEach(List.of(suffix), List.of(ids)).getFirst();
            assertThat(score).hasSize(10);
            for (int i = 0; i < score.length; i++) {
                assertThat(told.get(i).chosen().logProbability()).isCloseTo((float) -score[i], within(2e-4f));
            }
        }
        for (TokenOdds odds : told) {
            assertThat(odds.likeliest()).hasSize(width);
            assertThat(odds.likeliest())
                    .isSortedAccordingTo(Comparator.comparingDouble(TokenOdds.Odds::logProbability)
                            .reversed());
            assertThat(odds.likeliest().stream().map(TokenOdds.Odds::id).distinct())
                    .hasSize(width);
        }
    }

    @Test
    void aLongBeginningIsReadWhileOthersGoOn() {
        try (Transformer model = TinyModel.load("smollm2");
                Context context = context(model, 5);
                ContinuousBatch batch = context.batch(Set.of())) {
            int tokens = model.config().window() / 2;
            Heard first = Heard.of(3, 1, Sampling.GREEDY, 40);
            Heard huge = Heard.of(tokens, 2, Sampling.GREEDY, 6);
            batch.join(first.text());
            batch.step();
            batch.join(huge.text());
            batch.step();
            assertThat(first.heard).hasSize(2);
            writeAll(batch);
            assertThat(huge.heard).isEqualTo(alone(model, 5, huge, Set.of()));
            assertThat(first.heard).isEqualTo(alone(model, 5, first, Set.of()));
        }
    }

    @Test
    void whoHeardEnoughLeavesAndTheOthersGoOn() {
        try (Transformer model = TinyModel.load("smollm2");
                Context context = context(model, 5);
                ContinuousBatch batch = context.batch(Set.of())) {
            Heard staying = Heard.of(3, 1, Sampling.GREEDY, 15);
            Map<ContinuousBatch.Text, Integer> left = new HashMap<>();
            List<Integer> heard = new ArrayList<>();
            ContinuousBatch.Text leaving = new ContinuousBatch.Text(ids(8, 2), Sampling.GREEDY, 15, id -> {
                heard.add(id);
                return heard.size() < 4;
            });
            batch.join(leaving);
            batch.join(staying.text());
            for (int step = 1; batch.size() > 0; step++) {
                for (ContinuousBatch.Text text : batch.step()) {
                    left.put(text, step);
                }
            }
            assertThat(heard).hasSize(4);
            assertThat(left).containsEntry(leaving, 4).hasSize(2).containsValue(15);
            assertThat(staying.heard).isEqualTo(alone(model, 5, staying, Set.of()));
        }
    }

    @Test
    void aTextEndsWithTheWindow() {
        try (Transformer model = TinyModel.load("smollm2");
                Context context = context(model, 5);
                ContinuousBatch batch = context.batch(Set.of())) {
            Heard full = Heard.of(model.config().window() - 9, 2, Sampling.GREEDY, 1000);
            batch.join(full.text());
            writeAll(batch);
            assertThat(full.heard).hasSize(5).isEqualTo(alone(model, 5, full, Set.of()));
        }
    }

    @Test
    void whatDoesNotFitIsRefusedAndTheOthersGoOn() {
        try (Transformer model = TinyModel.load("smollm2");
                Context context = context(model, 5);
                ContinuousBatch batch = context.batch(Set.of())) {
            Heard fine = Heard.of(3, 1, Sampling.GREEDY, 9);
            batch.join(fine.text());
            batch.step();
            ContinuousBatch.Text tooLong =
                    Heard.of(model.config().window(), 1, Sampling.GREEDY, 9).text();
            assertThatThrownBy(() -> batch.join(tooLong))
                    .isInstanceOf(LiftException.class)
                    .hasMessageContaining("window");
            writeAll(batch);
            assertThat(fine.heard).isEqualTo(alone(model, 5, fine, Set.of()));
        }
    }

    @Test
    void thereIsRoomForOneWhateverItsLengthAndNotForAnyNumber() {
        try (Transformer model = TinyModel.load("smollm2");
                Context context = context(model, 5);
                ContinuousBatch batch = context.batch(Set.of())) {
            assertThat(batch.hasRoom(1 << 30)).isTrue();
            batch.join(Heard.of(3, 1, Sampling.GREEDY, 9).text());
            assertThat(batch.hasRoom(100)).isTrue();
            assertThat(batch.hasRoom(1 << 30)).isFalse();
        }
    }

    @Test
    void anInterruptedThreadStops() {
        try (Transformer model = TinyModel.load("smollm2");
                Context context = context(model, 5);
                ContinuousBatch batch = context.batch(Set.of())) {
            batch.join(Heard.of(3, 1, Sampling.GREEDY, 9).text());
            Thread.currentThread().interrupt();
            assertThatThrownBy(batch::step).isInstanceOf(CancellationException.class);
            assertThat(Thread.interrupted()).isTrue();
        }
    }

    private static void writeAll(ContinuousBatch batch) {
        while (batch.size() > 0) {
            batch.step();
        }
    }

    private static List<Integer> alone(Transformer model, int prefix, Heard text, Set<Integer> stops) {
        try (Context context = context(model, prefix)) {
            List<Integer> written = new ArrayList<>();
            context.read(text.suffix);
            context.generate(text.sampling, stops, text.limit, written::add);
            return written;
        }
    }

    private static Context context(Transformer model, int prefix) {
        Context context = new Context(model, Adaptation.NONE);
        if (prefix > 0) {
            context.read(ids(prefix, 1));
        }
        return context;
    }

    private static int[] ids(int count, int seed) {
        return new SplittableRandom(seed).ints(count, 0, 128).toArray();
    }
}
