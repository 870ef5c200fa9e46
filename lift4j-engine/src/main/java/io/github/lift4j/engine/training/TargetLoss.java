package io.github.lift4j.engine.training;

import io.github.lift4j.engine.transformer.Adaptation;
import io.github.lift4j.engine.transformer.Transformer;
import java.util.Arrays;
import java.util.List;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.AutoGradMode;
import org.bytedeco.pytorch.BoolOptional;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.ScalarTypeOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorArrayRefOptional;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;

/**
 * Cross entropy after the vocabulary projection, over the targets that count and no others, a chunk of them at a time:
 * the logits of a batch, the largest tensors of a step by far, never exist at once. Its gradient is written by hand:
 * {@code dlogits = weight * (softmax(logits) - onehot)}, {@code dhidden = dlogits W}, {@code dW = dlogits^T hidden}.
 */
final class TargetLoss {

    /** Targets a chunk: its float32 logits stay near the size of a processor's cache. */
    private static final int CHUNK = 256;

    /** The counting targets of a padded batch: flat row of the predicting position, the token, the weight. */
    record Targets(int[] rows, int[] tokens, float[] weights) {

        static Targets of(List<TrainingExample> examples, int time) {
            int count = examples.stream().mapToInt(TrainingExample::targets).sum();
            Targets targets = new Targets(new int[count], new int[count], new float[count]);
            int next = 0;
            for (int b = 0; b < examples.size(); b++) {
                TrainingExample example = examples.get(b);
                for (int t = 1; t < example.tokens().length; t++) {
                    if (example.weights()[t] != 0) {
                        targets.rows[next] = b * time + t - 1;
                        targets.tokens[next] = example.tokens()[t];
                        targets.weights[next++] = example.weights()[t];
                    }
                }
            }
            return targets;
        }
    }

    private final Transformer model;
    private final Adaptation adaptation;

    TargetLoss(Transformer model, Adaptation adaptation) {
        this.model = model;
        this.adaptation = adaptation;
    }

    /**
     * The weighted sum of negative log-likelihoods, in nats, whose gradient is sent back into the graph of {@code
     * hidden [batch, time, hidden]}.
     */
    double backward(Tensor hidden, Targets targets) {
        Tensor head = adaptation.weight(model.head());
        boolean headTrained = head.requires_grad();
        Tensor flat = hidden.view(-1, model.config().hidden());
        double loss = 0;
        Tensor hiddenGradient = torch.zeros_like(flat);
        Tensor headGradient = headTrained ? torch.zeros_like(head) : new Tensor();
        try (AutoGradMode off = new AutoGradMode(false)) {
            Tensor detached = flat.detach();
            Tensor projection = head.detach();
            for (int from = 0; from < targets.rows().length; from += CHUNK) {
                int to = Math.min(from + CHUNK, targets.rows().length);
                loss += chunk(detached, projection, targets, from, to, hiddenGradient, headGradient);
            }
        }
        if (headTrained) {
            send(head, headGradient);
        }
        send(flat, hiddenGradient);
        return loss;
    }

    private double chunk(
            Tensor hidden, Tensor head, Targets targets, int from, int to, Tensor hiddenGradient, Tensor headGradient) {
        try (PointerScope scope = new PointerScope()) {
            Tensor rows = model.ids(Arrays.copyOfRange(targets.rows(), from, to), to - from)
                    .view(-1);
            Tensor tokens = model.ids(Arrays.copyOfRange(targets.tokens(), from, to), to - from)
                    .view(-1, 1);
            Tensor weights = torch.from_blob(
                            new FloatPointer(Arrays.copyOfRange(targets.weights(), from, to)), to - from, 1)
                    .to(model.device().handle(), ScalarType.Float);
            Tensor picked = hidden.index_select(0, rows);
            Tensor logProbabilities =
                    torch.log_softmax(torch.mm(picked, head.t()), -1, new ScalarTypeOptional(ScalarType.Float));
            double loss = -logProbabilities.gather(1, tokens).mul(weights).sum().item_double();
            Tensor logitGradient = logProbabilities.exp_();
            logitGradient.scatter_add_(1, tokens, torch.full_like(weights, new Scalar(-1)));
            Tensor gradient = logitGradient.mul_(weights).to(head.scalar_type());
            hiddenGradient.index_copy_(0, rows, torch.mm(gradient, head));
            if (headGradient.defined()) {
                headGradient.addmm_(gradient.t(), picked);
            }
            return loss;
        }
    }

    private static void send(Tensor output, Tensor gradient) {
        output.backward(gradient, new BoolOptional(), false, new TensorArrayRefOptional());
    }
}
