package io.github.lift4j.engine.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.github.lift4j.engine.adapter.LoraAdapter;
import io.github.lift4j.engine.transformer.Transformer;
import java.util.List;
import java.util.SplittableRandom;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/** Holds a step's gradient against finite differences of its loss along random directions. */
final class GradientCheck {

    /** Large enough for float32, small enough for the curvature. */
    private static final double STEP_OF_A_WEIGHT = 2e-4;

    private GradientCheck() {}

    static void check(Transformer model, LoraAdapter adapter, List<TrainingExample> examples, int microBatch) {
        SplittableRandom random = new SplittableRandom(5);
        int size = Math.toIntExact(adapter.parameters().values().numel());
        float[] gradient = gradient(model, adapter, examples, microBatch, size);
        double step = STEP_OF_A_WEIGHT * Math.sqrt(size);
        double steepest = 0;
        for (int trial = 0; trial < 4; trial++) {
            float[] direction = new float[size];
            double slope = 0;
            for (int i = 0; i < size; i++) {
                direction[i] = (float) (random.nextGaussian() / Math.sqrt(size));
                slope += direction[i] * gradient[i];
            }
            double above = lossAt(model, adapter, examples, direction, step);
            double below = lossAt(model, adapter, examples, direction, -step);
            double measured = (above - below) / (2 * step);
            assertThat(slope).isCloseTo(measured, within(2e-3 + 0.02 * Math.abs(measured)));
            steepest = Math.max(steepest, Math.abs(measured));
        }
        assertThat(steepest).isGreaterThan(0.02);
    }

    private static float[] gradient(
            Transformer model, LoraAdapter adapter, List<TrainingExample> examples, int microBatch, int size) {
        adapter.parameters().gradients().zero_();
        for (List<TrainingExample> batch : MicroBatches.of(examples, microBatch)) {
            backward(model, adapter, batch);
        }
        float[] gradient = new float[size];
        new FloatPointer(adapter.parameters().gradients().data_ptr()).get(gradient);
        adapter.parameters().gradients().zero_();
        return gradient;
    }

    private static double lossAt(
            Transformer model, LoraAdapter adapter, List<TrainingExample> examples, float[] direction, double step) {
        move(adapter, direction, step);
        double loss = backward(model, adapter, examples);
        move(adapter, direction, -step);
        adapter.parameters().gradients().zero_();
        return loss;
    }

    private static void move(LoraAdapter adapter, float[] direction, double step) {
        float[] moved = new float[direction.length];
        for (int i = 0; i < moved.length; i++) {
            moved[i] = (float) (direction[i] * step);
        }
        try (Tensor by = torch.from_blob(new FloatPointer(moved), moved.length)) {
            adapter.parameters().values().add_(by);
        }
    }

    private static double backward(Transformer model, LoraAdapter adapter, List<TrainingExample> batch) {
        int time = batch.stream().mapToInt(e -> e.tokens().length).max().orElseThrow();
        int[] ids = new int[batch.size() * time];
        for (int i = 0; i < batch.size(); i++) {
            System.arraycopy(
                    batch.get(i).tokens(), 0, ids, i * time, batch.get(i).tokens().length);
        }
        Targets targets = Targets.of(batch, time);
        TargetLoss loss = new TargetLoss(model, adapter);
        Tensor hidden = model.hidden(model.ids(ids, time), adapter);
        return loss.backward(hidden, loss.chunks(targets)).item_double() - targets.entropy();
    }
}
