package io.github.lift4j.evaluation.run;

import io.github.lift4j.engine.LiftException;
import io.github.lift4j.engine.adapter.Adapter;
import io.github.lift4j.engine.adapter.FullWeights;
import io.github.lift4j.engine.adapter.LoraAdapter;
import io.github.lift4j.engine.adapter.LoraSettings;
import io.github.lift4j.engine.generation.Context;
import io.github.lift4j.engine.generation.Sampling;
import io.github.lift4j.engine.runtime.ComputeDevice;
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
import java.util.random.RandomGenerator;

/**
 * How fast a model runs on this machine, in tokens a second, best of some repetitions.
 *
 * @param training forward, backward and update of a LoRA adapter
 * @param prefill reading a prompt
 * @param decode writing, all texts together
 */
public record MachineSpeed(double training, double prefill, double decode) {

    private static final int PREFILL_TOKENS = 1024;
    private static final int DECODE_TOKENS = 64;
    private static final int SHORT_PROMPT = 32;

    /**
     * What is measured.
     *
     * @param batch sequences a training step
     * @param length tokens a sequence, or the window where that is less
     * @param rank of the adapter on all linear layers; 0 trains all weights
     * @param texts written side by side
     * @param repeat how often, at least 1
     */
    public record Workload(int batch, int length, int rank, int texts, int repeat) {

        /** Small enough for any machine: seconds. */
        public static final Workload SHORT = new Workload(2, 512, 16, 1, 2);

        public Workload {
            if (batch < 1 || length < 2 || rank < 0 || texts < 1 || repeat < 1) {
                throw new LiftException("Nothing can be measured with a batch of " + batch + " x " + length
                        + " tokens, rank " + rank + ", " + texts + " texts and " + repeat
                        + " repetitions: give numbers from 1 on, a length from 2 and a rank from 0.");
            }
        }
    }

    /** Measures a model. */
    public static MachineSpeed measure(Transformer model, Workload workload) {
        return new MachineSpeed(training(model, workload), prefill(model, workload.repeat), decode(model, workload));
    }

    private static double training(Transformer model, Workload workload) {
        SplittableRandom random = new SplittableRandom(0);
        int length = Math.min(workload.length, model.config().window());
        List<Double> rates = new ArrayList<>();
        try (Adapter adapter = adapter(model, workload.rank, random);
                Trainer trainer = new Trainer(
                        model, adapter, AdamW.DEFAULT, OptionalDouble.empty(), memory(model, adapter, length))) {
            for (int i = 0; i < workload.repeat; i++) {
                List<TrainingExample> examples = new ArrayList<>();
                for (int b = 0; b < workload.batch; b++) {
                    float weight = 1f / (workload.batch * (length - 1));
                    examples.add(TrainingExample.uniform(ids(random, model, length), weight));
                }
                long start = System.nanoTime();
                trainer.step(examples, 1e-4);
                rates.add(workload.batch * length / seconds(start));
            }
        }
        return Collections.max(rates);
    }

    private static Adapter adapter(Transformer model, int rank, RandomGenerator random) {
        return rank == 0
                ? FullWeights.of(model)
                : LoraAdapter.create(model, LoraSettings.allLinear(rank, 2.0 * rank), random);
    }

    /** A GPU takes what it has room for at once, a processor the whole step. */
    private static StepMemory memory(Transformer model, Adapter adapter, int length) {
        return model.device() instanceof ComputeDevice.Cuda gpu
                ? StepMemory.on(gpu, model, adapter, length)
                : StepMemory.of(Integer.MAX_VALUE);
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

    private static double decode(Transformer model, Workload workload) {
        SplittableRandom random = new SplittableRandom(2);
        List<Long> seeds = Collections.nCopies(workload.texts, 0L);
        double best = 0;
        for (int i = 0; i < workload.repeat; i++) {
            try (Context context = new Context(model, Adaptation.NONE)) {
                context.read(ids(random, model, SHORT_PROMPT));
                long start = System.nanoTime();
                best = Math.max(best, written(context, random, model, seeds) / seconds(start));
            }
        }
        return best;
    }

    /** One text goes on from the prompt alone; several begin differently behind it. */
    private static double written(Context context, SplittableRandom random, Transformer model, List<Long> seeds) {
        if (seeds.size() == 1) {
            return context.generate(Sampling.GREEDY, Set.of(), DECODE_TOKENS, id -> {});
        }
        List<int[]> beginnings =
                seeds.stream().map(seed -> ids(random, model, 1)).toList();
        return context.writeEach(beginnings, Sampling.GREEDY, seeds, Set.of(), DECODE_TOKENS, 0).stream()
                .mapToInt(text -> text.ids().length)
                .sum();
    }

    private static int[] ids(SplittableRandom random, Transformer model, int count) {
        return random.ints(count, 0, model.config().vocabulary()).toArray();
    }

    private static double seconds(long start) {
        return (System.nanoTime() - start) / 1e9;
    }
}
