package io.github.lift4j.engine.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.github.lift4j.engine.TinyModel;
import io.github.lift4j.engine.adapter.Adapter;
import io.github.lift4j.engine.adapter.Attachment;
import io.github.lift4j.engine.adapter.FullWeights;
import io.github.lift4j.engine.adapter.LoraAdapter;
import io.github.lift4j.engine.adapter.LoraSettings;
import io.github.lift4j.engine.adapter.PeftFormat;
import io.github.lift4j.engine.generation.Context;
import io.github.lift4j.engine.transformer.Adaptation;
import io.github.lift4j.engine.transformer.TrainingPass;
import io.github.lift4j.engine.transformer.Transformer;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TrainerTest {

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
    void bothKindsOfAdapterLearnASequenceByHeart() {
        try (Adapter lora = lora(8);
                Adapter full = FullWeights.of(model)) {
            for (Adapter adapter : List.of(lora, full)) {
                List<Double> losses = train(adapter, 60, 1e-2, 4096);
                assertThat(losses.getLast()).isLessThan(losses.getFirst() / 4);
            }
        }
    }

    @Test
    void theLossIsTheWeightedSumOfTheTargetsNegativeLogLikelihoods() {
        int[] tokens = ids(20, 1);
        float[] weights = new float[20];
        weights[5] = 0.5f;
        weights[19] = 2;
        double[] nll;
        try (Context context = new Context(model, Adaptation.NONE)) {
            context.read(tokens[0]);
            nll = context.score(Arrays.copyOfRange(tokens, 1, 20));
        }
        try (Adapter adapter = lora(2);
                Trainer trainer = trainer(adapter, 4096)) {
            double loss = trainer.step(List.of(new TrainingExample(tokens, weights)), 1e-3)
                    .loss();
            assertThat(loss).isCloseTo(0.5 * nll[4] + 2 * nll[18], within(1e-4));
        }
    }

    @Test
    void aTeachersLossIsItsDivergence() {
        int[] tokens = ids(12, 1);
        float[] weights = new float[12];
        weights[4] = 0.25f;
        weights[11] = 2;
        SoftTargets teacher =
                SoftTargets.normalised(3, new int[] {7, 8, 9, 1, 2, 3}, new float[] {-1, -2, -3, -0.5f, -1, -4});
        double expected = 0;
        int[] positions = {4, 11};
        try (Context context = new Context(model, Adaptation.NONE)) {
            for (int i = 0; i < 2; i++) {
                for (int k = 0; k < 3; k++) {
                    context.rewind(0);
                    context.read(Arrays.copyOf(tokens, positions[i]));
                    double p = teacher.probabilities()[i * 3 + k];
                    double nll = context.score(teacher.ids()[i * 3 + k])[0];
                    expected += weights[positions[i]] * p * (Math.log(p) + nll);
                }
            }
        }
        try (Adapter adapter = lora(2);
                Trainer trainer = trainer(adapter, 4096)) {
            TrainingExample example = new TrainingExample(tokens, weights, Optional.of(teacher));
            assertThat(trainer.step(List.of(example), 1e-3).loss()).isCloseTo(expected, within(1e-5));
        }
    }

    /** Joint batches: a segment, a task with hard labels and one with a teacher, of different lengths. */
    @Test
    void theJointGradientIsTheSlopeOfTheJointLoss() {
        float[] answerOnly = new float[10];
        Arrays.fill(answerOnly, 7, 10, 0.3f);
        SoftTargets teacher =
                SoftTargets.normalised(2, new int[] {3, 4, 5, 6, 7, 8}, new float[] {-1, -1.5f, -0.2f, -3, -2, -2.5f});
        List<TrainingExample> joint = List.of(
                TrainingExample.uniform(ids(24, 2), 0.02f),
                new TrainingExample(ids(10, 3), answerOnly),
                new TrainingExample(ids(10, 4), answerOnly, Optional.of(teacher)));
        for (int micro : new int[] {1, 4096}) {
            try (LoraAdapter adapter = lora(3)) {
                train(adapter, 3, 1e-2, 4096);
                GradientCheck.check(model, adapter, joint, micro);
            }
        }
    }

    @Test
    void accumulatingOverSmallBatchesIsTheSameStep() {
        try (Adapter whole = lora(4);
                Adapter parts = lora(4)) {
            List<Double> together = train(whole, 5, 1e-3, 4096);
            List<Double> apart = train(parts, 5, 1e-3, 1);
            for (int i = 0; i < together.size(); i++) {
                assertThat(apart.get(i)).isCloseTo(together.get(i), within(1e-4));
            }
        }
    }

    @Test
    void aRestoredRunGoesOnAsIfUnbroken(@TempDir Path folder) {
        try (Adapter unbroken = lora(4);
                Adapter broken = lora(4);
                Adapter other = lora(4)) {
            List<Double> expected = train(unbroken, 10, 1e-2, 4096);
            Path file = folder.resolve("state.safetensors");
            try (Trainer first = trainer(broken, 4096)) {
                run(first, 0, 6, 1e-2);
                first.save(file);
            }
            try (Trainer second = trainer(other, 4096)) {
                second.restore(file);
                assertThat(run(second, 6, 10, 1e-2)).isEqualTo(expected.subList(6, 10));
            }
        }
    }

    @Test
    void anAdapterSurvivesItsFiles(@TempDir Path folder) throws IOException {
        try (LoraAdapter trained = lora(4)) {
            train(trained, 5, 1e-2, 4096);
            PeftFormat.write(trained, "tiny", folder);
            try (LoraAdapter read = PeftFormat.read(folder, model)) {
                assertThat(read.settings().rank()).isEqualTo(4);
                assertThat(nll(read)).isEqualTo(nll(trained)).isNotEqualTo(nll(Adaptation.NONE));
            }
        }
    }

    @Test
    void aFrozenAdapterAnswersAsTheTrainedOne() {
        try (Adapter lora = lora(4);
                Adapter full = FullWeights.of(model)) {
            for (Adapter adapter : List.of(lora, full)) {
                train(adapter, 5, 1e-2, 4096);
                try (Attachment frozen = adapter.frozen(model)) {
                    assertThat(nll(frozen)).isCloseTo(nll(adapter), within(1e-3));
                    assertThat(Math.abs(nll(frozen) - nll(Adaptation.NONE))).isGreaterThan(0.1);
                }
            }
        }
    }

    @Test
    void whatIsKeptLiesBetweenTheBaseAndWhatWasTrained() {
        try (Adapter lora = lora(4);
                Adapter full = FullWeights.of(model)) {
            for (Adapter adapter : List.of(lora, full)) {
                train(adapter, 20, 1e-2, 4096);
                double trained = nll(adapter);
                adapter.keep(1, model);
                assertThat(nll(adapter)).isCloseTo(trained, within(1e-4));
                adapter.keep(0.5, model);
                assertThat(nll(adapter)).isStrictlyBetween(trained, nll(Adaptation.NONE));
                adapter.keep(0, model);
                assertThat(nll(adapter)).isCloseTo(nll(Adaptation.NONE), within(1e-4));
            }
        }
    }

    @Test
    void anUntrainedAdapterChangesNothing() {
        try (Adapter adapter = lora(4)) {
            assertThat(nll(adapter)).isEqualTo(nll(Adaptation.NONE));
        }
    }

    @Test
    void whatIsComputedTwiceHasTheSameGradients() {
        List<TrainingExample> examples =
                List.of(TrainingExample.uniform(ids(30, 1), 0.02f), TrainingExample.uniform(ids(19, 2), 0.03f));
        for (boolean full : List.of(true, false)) {
            try (Adapter kept = full ? FullWeights.of(model) : lora(4);
                    Adapter again = full ? FullWeights.of(model) : lora(4);
                    Trainer plain = trainer(kept, 4096);
                    Trainer recomputing = new Trainer(
                            model,
                            again,
                            AdamW.DEFAULT,
                            OptionalDouble.of(1),
                            new StepMemory(4096, TrainingPass.Again.BLOCKS))) {
                for (int i = 0; i < 3; i++) {
                    Trainer.Step expected = plain.step(examples, 1e-3);
                    Trainer.Step found = recomputing.step(examples, 1e-3);
                    assertThat(found.loss()).isCloseTo(expected.loss(), within(1e-6));
                    assertThat(found.gradientNorm()).isCloseTo(expected.gradientNorm(), within(1e-5));
                }
            }
        }
    }

    private static LoraAdapter lora(int rank) {
        return LoraAdapter.create(model, LoraSettings.allLinear(rank, 2 * rank), new SplittableRandom(1));
    }

    private static Trainer trainer(Adapter adapter, int microBatch) {
        return new Trainer(model, adapter, AdamW.DEFAULT, OptionalDouble.of(1), StepMemory.of(microBatch));
    }

    private static List<Double> train(Adapter adapter, int steps, double rate, int microBatch) {
        try (Trainer trainer = trainer(adapter, microBatch)) {
            return run(trainer, 0, steps, rate);
        }
    }

    private static List<Double> run(Trainer trainer, int from, int to, double rate) {
        List<Double> losses = new ArrayList<>();
        for (int step = from; step < to; step++) {
            int[] first = ids(24, 2);
            int[] second = ids(16, 3);
            float weight = 1f / (first.length + second.length - 2);
            losses.add(trainer.step(
                            List.of(TrainingExample.uniform(first, weight), TrainingExample.uniform(second, weight)),
                            rate)
                    .loss());
        }
        return losses;
    }

    private static int[] ids(int count, int seed) {
        return new SplittableRandom(seed).ints(count, 0, 128).toArray();
    }

    private static double nll(Adaptation adaptation) {
        int[] ids = ids(24, 2);
        try (Context context = new Context(model, adaptation)) {
            context.read(ids[0]);
            return Arrays.stream(context.score(Arrays.copyOfRange(ids, 1, ids.length)))
                    .sum();
        }
    }
}
