package io.github.lift4j.evaluation.run;

import io.github.lift4j.engine.adapter.LoraAdapter;
import io.github.lift4j.engine.adapter.LoraSettings;
import io.github.lift4j.engine.generation.Context;
import io.github.lift4j.engine.generation.Sampling;
import io.github.lift4j.engine.training.AdamW;
import io.github.lift4j.engine.training.StepMemory;
import io.github.lift4j.engine.training.Trainer;
import io.github.lift4j.engine.training.TrainingExample;
import io.github.lift4j.engine.transformer.Adaptation;
import io.github.lift4j.engine.transformer.Transformer;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.SplittableRandom;

/**
 * How fast a model runs on this machine, in tokens a second, best of some repetitions.
 *
 * @param training forward, backward and update of a LoRA adapter
 * @param prefill reading a prompt
 * @param decode writing one text
 */
public record MachineSpeed(double training, double prefill, double decode) {

    private static final int PREFILL_TOKENS = 1024;
    private static final int DECODE_TOKENS = 64;
    private static final int SHORT_PROMPT = 32;

    /**
     * Measures a model; takes seconds.
     *
     * @param batch sequences a training step
     * @param length tokens a sequence, or the window where that is less
     * @param rank of the adapter on all linear layers
     * @param repeat how often, at least 1
     */
    public static MachineSpeed measure(Transformer model, int batch, int length, int rank, int repeat) {
        return new MachineSpeed(
                training(model, batch, Math.min(length, model.config().window()), rank, repeat),
                prefill(model, repeat),
                decode(model, repeat));
    }

    private static double training(Transformer model, int batch, int length, int rank, int repeat) {
        SplittableRandom random = new SplittableRandom(0);
        List<Double> rates = new ArrayList<>();
        try (LoraAdapter adapter = LoraAdapter.create(model, LoraSettings.allLinear(rank, 2.0 * rank), random);
                Trainer trainer = new Trainer(
                        model, adapter, AdamW.DEFAULT, OptionalDouble.empty(), StepMemory.of(Integer.MAX_VALUE))) {
            for (int i = 0; i < repeat; i++) {
                List<TrainingExample> examples = new ArrayList<>();
                for (int b = 0; b < batch; b++) {
                    examples.add(TrainingExample.uniform(ids(random, model, length), 1f / (batch * (length - 1))));
                }
                long start = System.nanoTime();
                trainer.step(examples, 1e-4);
                rates.add(batch * length / seconds(start));
            }
        }
        return Collections.max(rates);
    }

    private static double prefill(Transformer model, int repeat) {
        SplittableRandom random = new SplittableRandom(1);
        double best = 0;
        for (int i = 0; i < repeat; i++) {
            try (Context context = new Context(model, Adaptation.NONE)) {
                int[] prompt = ids(
                        random, model, Math.min(PREFILL_TOKENS, model.config().window()));
                long start = System.nanoTime();
                context.read(prompt);
                best = Math.max(best, prompt.length / seconds(start));
            }
        }
        return best;
    }

    private static double decode(Transformer model, int repeat) {
        double best = 0;
        for (int i = 0; i < repeat; i++) {
            try (Context context = new Context(model, Adaptation.NONE)) {
                context.read(ids(new SplittableRandom(2), model, SHORT_PROMPT));
                long start = System.nanoTime();
                int written = context.generate(Sampling.GREEDY, Set.of(), DECODE_TOKENS, id -> {});
                best = Math.max(best, written / seconds(start));
            }
        }
        return best;
    }

    private static int[] ids(SplittableRandom random, Transformer model, int count) {
        return random.ints(count, 0, model.config().vocabulary()).toArray();
    }

    private static double seconds(long start) {
        return (System.nanoTime() - start) / 1e9;
    }
}
