package io.github.lift4j.engine.training;

import io.github.lift4j.engine.adapter.FlatParameters;
import io.github.lift4j.engine.runtime.Operator;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.AutoGradMode;
import org.bytedeco.pytorch.GenericList;
import org.bytedeco.pytorch.IValue;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorList;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;

/** The moments of one run of AdamW over flat parameters. Owns their native memory. */
final class AdamWState implements AutoCloseable {

    private final AdamW settings;
    private final FlatParameters parameters;
    private final Tensor mean;
    private final Tensor square;
    private final Tensor count;
    private final Operator update;
    private long steps;

    AdamWState(AdamW settings, FlatParameters parameters) {
        this.settings = settings;
        this.parameters = parameters;
        try (PointerScope scope = new PointerScope()) {
            mean = torch.zeros_like(parameters.values()).retainReference();
            square = torch.zeros_like(parameters.values()).retainReference();
            count = torch.zeros_like(parameters.values().narrow(0, 0, 1)).retainReference();
            update = Operator.named("aten::_fused_adamw_");
        }
    }

    /** Moves the parameters against their gradients, which are then zero. */
    void step(double learningRate) {
        steps++;
        try (PointerScope scope = new PointerScope();
                AutoGradMode off = new AutoGradMode(false)) {
            count.fill_(new Scalar((double) steps));
            update(learningRate);
            parameters.gradients().zero_();
        }
    }

    /** As {@code torch.optim.AdamW(fused=True)} calls it: one pass over values, gradients and both moments. */
    private void update(double learningRate) {
        update.call(
                list(new TensorVector(parameters.values())),
                list(new TensorVector(parameters.gradients())),
                list(new TensorVector(mean)),
                list(new TensorVector(square)),
                list(new TensorVector()), // largest squares, which AMSGrad keeps
                list(new TensorVector(count)),
                new IValue(learningRate),
                new IValue(settings.beta1()),
                new IValue(settings.beta2()),
                new IValue(settings.weightDecay()),
                new IValue(settings.epsilon()),
                new IValue(false), // AMSGrad
                new IValue(false), // downhill
                new IValue(), // scale of the gradients
                new IValue()); // whether they have overflown
    }

    private static IValue list(TensorVector tensors) {
        // A list's elements are typed at run time: one of tensors is the general one, seen otherwise.
        return new IValue(new GenericList(new TensorList(tensors)));
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
        count.close();
        update.close();
    }
}
