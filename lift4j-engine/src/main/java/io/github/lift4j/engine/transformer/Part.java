package io.github.lift4j.engine.transformer;

import io.github.lift4j.engine.runtime.Autograd;
import io.github.lift4j.engine.runtime.NativeScope;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.bytedeco.pytorch.AutoGradMode;
import org.bytedeco.pytorch.Tensor;

/**
 * What a block does between two projections where libtorch goes back by itself (attention, the heads' norms). libtorch records the
 * way back by itself, either on the way forward, or when it is needed, by computing the part again. Owns what it keeps:
 * close it.
 */
final class Part implements AutoCloseable {

    private final Function<List<Tensor>, Tensor> function;
    private final List<Tensor> leaves;
    private Optional<Tensor> recorded = Optional.empty();

    private Part(Function<List<Tensor>, Tensor> function, List<Tensor> inputs) {
        this.function = function;
        this.leaves = inputs.stream().map(Part::leaf).toList();
    }

    /** A part whose activations are kept. */
    static Part kept(Function<List<Tensor>, Tensor> function, List<Tensor> inputs) {
        Part part = new Part(function, inputs);
        part.record();
        return part;
    }

    /** A part of which the inputs are kept. */
    static Part again(Function<List<Tensor>, Tensor> function, List<Tensor> inputs) {
        return new Part(function, inputs);
    }

    private static Tensor leaf(Tensor input) {
        Tensor leaf = input.detach();
        leaf.set_requires_grad(true);
        return leaf.retainReference();
    }

    private Tensor record() {
        try (AutoGradMode on = new AutoGradMode(true)) {
            Tensor output = NativeScope.keeping(() -> function.apply(leaves));
            output.retainReference();
            recorded = Optional.of(output);
            return output;
        }
    }

    /** What the part makes of its inputs; computed anew where it is not kept. */
    Tensor output() {
        return recorded.map(Tensor::detach).orElseGet(() -> function.apply(leaves));
    }

    /** The same, made ready for {@link #back}. */
    Tensor outputAgain() {
        return recorded.orElseGet(this::record).detach();
    }

    /** {@link #back} where the output itself is not asked for. */
    List<Tensor> backAgain(Tensor gradient) {
        if (recorded.isEmpty()) {
            record();
        }
        return back(gradient);
    }

    /** The inputs' gradients for one of the output, and the weights' gradients where they are trained. */
    List<Tensor> back(Tensor gradient) {
        Autograd.backward(recorded.orElseThrow(), gradient);
        return leaves.stream().map(leaf -> leaf.grad().detach()).toList();
    }

    @Override
    public void close() {
        recorded.ifPresent(Tensor::close);
        leaves.forEach(Tensor::close);
    }
}
