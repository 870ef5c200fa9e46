package io.github.lift4j.engine.training;

import io.github.lift4j.engine.adapter.FlatParameters;
import java.util.List;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.AutoGradMode;
import org.bytedeco.pytorch.Dispatcher;
import org.bytedeco.pytorch.GenericList;
import org.bytedeco.pytorch.IValue;
import org.bytedeco.pytorch.IValueVector;
import org.bytedeco.pytorch.OperatorHandle;
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
    private final OperatorHandle update;
    private long steps;

    AdamWState(AdamW settings, FlatParameters parameters) {
        this.settings = settings;
        this.parameters = parameters;
        try (PointerScope scope = new PointerScope()) {
            mean = torch.zeros_like(parameters.values()).retainReference();
            square = torch.zeros_like(parameters.values()).retainReference();
            count = torch.zeros_like(parameters.values().narrow(0, 0, 1)).retainReference();
            update = Dispatcher.singleton()
                    .findSchemaOrThrow("aten::_fused_adamw_", "")
                    .retainReference();
        }
    }

    /** Moves the parameters against their gradients, which are then zero. */
    void step(double learningRate) {
        steps++;
        try (PointerScope scope = new PointerScope();
                AutoGradMode off = new AutoGradMode(false)) {
            count.fill_(new Scalar((double) steps));
            update.callBoxed(arguments(learningRate));
            parameters.gradients().zero_();
        }
    }

    /** As {@code torch.optim.AdamW(fused=True)} calls it: one pass over values, gradients and both moments. */
    private IValueVector arguments(double learningRate) {
        IValueVector stack = new IValueVector();
        for (Tensor each : List.of(parameters.values(), parameters.gradients(), mean, square)) {
            stack.push_back(list(new TensorVector(each)));
        }
        stack.push_back(list(new TensorVector())); // largest squares, which AMSGrad keeps
        stack.push_back(list(new TensorVector(count)));
        for (double number : new double[] {
            learningRate, settings.beta1(), settings.beta2(), settings.weightDecay(), settings.epsilon()
        }) {
            stack.push_back(new IValue(number));
        }
        stack.push_back(new IValue(false)); // AMSGrad
        stack.push_back(new IValue(false)); // downhill
        stack.push_back(new IValue()); // scale of the gradients
        stack.push_back(new IValue()); // whether they have overflown
        return stack;
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
