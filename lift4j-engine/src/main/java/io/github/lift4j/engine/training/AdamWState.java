package io.github.lift4j.engine.training;

import io.github.lift4j.engine.adapter.FlatParameters;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.AutoGradMode;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/** The moments of one run of AdamW over flat parameters. Owns their native memory. */
final class AdamWState implements AutoCloseable {

    private final AdamW settings;
    private final FlatParameters parameters;
    private final Tensor mean;
    private final Tensor square;
    private long steps;

    AdamWState(AdamW settings, FlatParameters parameters) {
        this.settings = settings;
        this.parameters = parameters;
        try (PointerScope scope = new PointerScope()) {
            mean = torch.zeros_like(parameters.values()).retainReference();
            square = torch.zeros_like(parameters.values()).retainReference();
        }
    }

    /** Moves the parameters against their gradients, which are then zero. */
    void step(double learningRate) {
        steps++;
        try (PointerScope scope = new PointerScope();
                AutoGradMode off = new AutoGradMode(false)) {
            Tensor values = parameters.values();
            Tensor gradients = parameters.gradients();
            mean.lerp_(gradients, new Scalar(1 - settings.beta1()));
            square.mul_(new Scalar(settings.beta2())).addcmul_(gradients, gradients, new Scalar(1 - settings.beta2()));
            double correction = 1 - Math.pow(settings.beta1(), steps);
            double squareCorrection = Math.sqrt(1 - Math.pow(settings.beta2(), steps));
            Tensor root = square.sqrt().div_(new Scalar(squareCorrection)).add_(new Scalar(settings.epsilon()));
            values.mul_(new Scalar(1 - learningRate * settings.weightDecay()));
            values.addcdiv_(mean, root, new Scalar(-learningRate / correction));
            gradients.zero_();
        }
    }

    Tensor mean() {
        return mean;
    }

    Tensor square() {
        return square;
    }

    long steps() {
        return steps;
    }

    void restore(Tensor mean, Tensor square, long steps) {
        try (AutoGradMode off = new AutoGradMode(false)) {
            this.mean.copy_(mean);
            this.square.copy_(square);
        }
        this.steps = steps;
    }

    @Override
    public void close() {
        mean.close();
        square.close();
    }
}
