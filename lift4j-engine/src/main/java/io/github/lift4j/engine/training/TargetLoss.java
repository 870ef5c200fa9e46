package io.github.lift4j.engine.training;

import io.github.lift4j.engine.runtime.ComputeDevice;
import io.github.lift4j.engine.transformer.Adaptation;
import io.github.lift4j.engine.transformer.Transformer;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.AutoGradMode;
import org.bytedeco.pytorch.BoolOptional;
import org.bytedeco.pytorch.ScalarTypeOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorArrayRefOptional;
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

    /** On a GPU a chunk is some hundred megabytes of logits. */
    private static final int GPU_CHUNK = 4096;

    private final Transformer model;
    private final Adaptation adaptation;

    TargetLoss(Transformer model, Adaptation adaptation) {
        this.model = model;
        this.adaptation = adaptation;
    }

    /**
     * The weighted sum of the targets' divergences (negative log-likelihoods, for plain targets), in nats, whose gradient
     * is sent back into the graph of {@code hidden [batch, time, hidden]}.
     */
    double backward(Tensor hidden, Targets targets) {
        Tensor head = adaptation.weight(model.head());
        boolean headTrained = head.requires_grad();
        Tensor flat = hidden.view(-1, model.config().hidden());
        Tensor hiddenGradient = torch.zeros_like(flat);
        Tensor headGradient = headTrained ? torch.zeros_like(head) : new Tensor();
        Tensor loss =
                torch.zeros(new long[] {1}, new TensorOptions(model.device().handle()));
        int size = model.device() instanceof ComputeDevice.Cpu ? PROCESSOR_CHUNK : GPU_CHUNK;
        try (AutoGradMode off = new AutoGradMode(false)) {
            Gradients gradients = new Gradients(flat.detach(), head.detach(), hiddenGradient, headGradient, loss);
            for (int from = 0; from < targets.count(); from += size) {
                chunk(gradients, targets.range(from, Math.min(from + size, targets.count())));
            }
        }
        if (headTrained) {
            send(head, headGradient);
        }
        send(flat, hiddenGradient);
        return loss.item_double() - targets.entropy();
    }

    /** The same sum and nothing else: no gradient is made. */
    double value(Tensor hidden, Targets targets) {
        Tensor flat = hidden.view(-1, model.config().hidden());
        Tensor head = adaptation.weight(model.head());
        double loss = 0;
        for (int from = 0; from < targets.count(); from += PROCESSOR_CHUNK) {
            Targets some = targets.range(from, Math.min(from + PROCESSOR_CHUNK, targets.count()));
            try (PointerScope scope = new PointerScope()) {
                Tensor rows = model.ids(some.rows(), some.count()).view(-1);
                Tensor logits = torch.mm(flat.index_select(0, rows), head.t());
                loss -= torch.log_softmax(logits, -1, new ScalarTypeOptional(ScalarType.Float))
                        .gather(1, model.ids(some.ids(), some.width()))
                        .mul(floats(some.probabilities(), some.width()))
                        .mul(floats(some.weights(), 1))
                        .sum()
                        .item_double();
            }
        }
        return loss - targets.entropy();
    }

    /** What a chunk reads, and where it adds what it finds. */
    private record Gradients(Tensor hidden, Tensor head, Tensor hiddenGradient, Tensor headGradient, Tensor loss) {}

    private void chunk(Gradients into, Targets targets) {
        try (PointerScope scope = new PointerScope()) {
            Tensor rows = model.ids(targets.rows(), targets.count()).view(-1);
            Tensor ids = model.ids(targets.ids(), targets.width());
            Tensor probabilities = floats(targets.probabilities(), targets.width());
            Tensor weights = floats(targets.weights(), 1);
            Tensor picked = into.hidden.index_select(0, rows);
            Tensor logProbabilities =
                    torch.log_softmax(torch.mm(picked, into.head.t()), -1, new ScalarTypeOptional(ScalarType.Float));
            into.loss.sub_(logProbabilities
                    .gather(1, ids)
                    .mul(probabilities)
                    .mul(weights)
                    .sum());
            Tensor logitGradient = logProbabilities.exp_();
            logitGradient.scatter_add_(1, ids, probabilities.neg());
            Tensor gradient = logitGradient.mul_(weights).to(into.head.scalar_type());
            into.hiddenGradient.index_copy_(0, rows, torch.mm(gradient, into.head));
            if (into.headGradient.defined()) {
                into.headGradient.addmm_(gradient.t(), picked);
            }
        }
    }

    /** {@code [n / width, width]} on the model's device. */
    private Tensor floats(float[] values, int width) {
        return torch.from_blob(new FloatPointer(values), values.length / width, width)
                .to(model.device().handle(), ScalarType.Float);
    }

    private static void send(Tensor output, Tensor gradient) {
        output.backward(gradient, new BoolOptional(), false, new TensorArrayRefOptional());
    }
}
