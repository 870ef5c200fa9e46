package io.github.lift4j.engine.training;

import io.github.lift4j.engine.runtime.Autograd;
import io.github.lift4j.engine.runtime.ComputeDevice;
import io.github.lift4j.engine.runtime.GradientSum;
import io.github.lift4j.engine.transformer.Adaptation;
import io.github.lift4j.engine.transformer.TokenTargets;
import io.github.lift4j.engine.transformer.Transformer;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.AutoGradMode;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptions;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;

/**
 * Cross entropy after the vocabulary projection, over the targets that count and no others, a chunk of them at a time:
 * the logits of a batch, the largest tensors of a step by far, never exist at once. Its gradient is written by hand, and
 * is the same for a token and for a teacher's distribution {@code p} over some: {@code dlogits = weight * (softmax(logits)
 * - p)}, {@code dhidden = dlogits W}, {@code dW = dlogits^T hidden}.
 */
final class TargetLoss {

    /** Targets a chunk: on a processor its float32 logits stay near the size of its cache. */
    private static final int PROCESSOR_CHUNK = 256;

    /** About so many logits has a chunk on a GPU, a gigabyte in all their forms. */
    private static final int GPU_LOGITS = 100_000_000;

    /** Targets of a chunk on a GPU are a multiple: a product of fewer rows keeps it as long as one of so many. */
    private static final int GPU_ROWS = 1024;

    private final Transformer model;
    private final Adaptation adaptation;

    TargetLoss(Transformer model, Adaptation adaptation) {
        this.model = model;
        this.adaptation = adaptation;
    }

    /**
     * Sends the gradient of the weighted sum of the targets' losses back into the graph of {@code hidden [batch, time,
     * hidden]}. Nothing here waits for the device.
     *
     * @return the sum of the targets' cross entropies in nats, {@code [1]}, on the device
     */
    Tensor backward(Tensor hidden, List<Chunk> targets) {
        Tensor flat = hidden.view(-1, model.config().hidden());
        Tensor hiddenGradient = torch.zeros_like(flat);
        Tensor loss =
                torch.zeros(new long[] {1}, new TensorOptions(model.device().handle()));
        try (AutoGradMode off = new AutoGradMode(false)) {
            Tensor head = adaptation.weight(model.head());
            Gradients gradients =
                    new Gradients(flat.detach(), head, hiddenGradient, adaptation.gradient(model.head()), loss);
            targets.forEach(some -> chunk(gradients, some));
        }
        Autograd.backward(flat, hiddenGradient);
        return loss;
    }

    /** The same sum and nothing else: no gradient is made. */
    Tensor value(Tensor hidden, List<Chunk> targets) {
        Tensor flat = hidden.view(-1, model.config().hidden());
        Tensor head = adaptation.weight(model.head());
        Tensor loss =
                torch.zeros(new long[] {1}, new TensorOptions(model.device().handle()));
        for (Chunk chunk : targets) {
            try (PointerScope scope = new PointerScope()) {
                loss.add_(chunk.targets.loss(torch.mm(chunk.picked(flat), head.t())));
            }
        }
        return loss;
    }

    /** Targets of a chunk on a GPU. */
    static int gpuChunk(int vocabulary) {
        return GPU_ROWS * Math.max(1, Math.round((float) GPU_LOGITS / vocabulary / GPU_ROWS));
    }

    /** The targets on the device, in chunks. */
    List<Chunk> chunks(Targets targets) {
        int size = model.device() instanceof ComputeDevice.Cpu
                ? PROCESSOR_CHUNK
                : gpuChunk(model.config().vocabulary());
        return IntStream.range(0, Math.ceilDiv(targets.count(), size))
                .mapToObj(i -> tensors(targets.range(i * size, Math.min((i + 1) * size, targets.count()))))
                .toList();
    }

    /**
     * A chunk of targets.
     *
     * @param rows the positions that predict them, {@code [n]}
     */
    record Chunk(Tensor rows, TokenTargets targets) {

        List<Tensor> all() {
            return List.of(rows, targets.ids(), targets.probabilities(), targets.weights());
        }

        /** The same in memory of its own. */
        Chunk copy() {
            return new Chunk(
                    rows.clone(),
                    new TokenTargets(
                            targets.ids().clone(),
                            targets.probabilities().clone(),
                            targets.weights().clone()));
        }

        /** The hidden states that predict them, {@code [n, hidden]}. */
        Tensor picked(Tensor hidden) {
            return hidden.index_select(0, rows);
        }
    }

    private Chunk tensors(Targets targets) {
        return new Chunk(
                model.ids(targets.rows(), targets.count()).view(-1),
                new TokenTargets(
                        model.ids(targets.ids(), targets.width()),
                        floats(targets.probabilities(), targets.width()),
                        floats(targets.weights(), 1)));
    }

    /** What all chunks read, and where they add what they find. */
    private record Gradients(
            Tensor hidden, Tensor head, Tensor hiddenGradient, Optional<Tensor> headGradient, Tensor loss) {}

    private void chunk(Gradients into, Chunk chunk) {
        try (PointerScope scope = new PointerScope()) {
            Tensor picked = chunk.picked(into.hidden);
            Tensor gradient = model.lossGradient(torch.mm(picked, into.head.t()), chunk.targets, into.loss);
            into.hiddenGradient.index_copy_(0, chunk.rows, torch.mm(gradient, into.head));
            into.headGradient.ifPresent(sum -> GradientSum.add(sum, gradient, picked, 1));
        }
    }

    /** {@code [n / width, width]} on the model's device. */
    private Tensor floats(float[] values, int width) {
        return torch.from_blob(new FloatPointer(values), values.length / width, width)
                .to(model.device().handle(), ScalarType.Float);
    }
}
