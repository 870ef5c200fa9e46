package io.github.lift4j.engine.transformer;

import io.github.lift4j.engine.runtime.Autograd;
import io.github.lift4j.engine.runtime.NativeScope;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.AutoGradMode;
import org.bytedeco.pytorch.Tensor;

/**
 * A pass over whole sequences that keeps the input of each block only and computes the rest again on the way back (Chen
 * et al., 2016): the memory of one block's activations instead of all, for a third more arithmetic. The gradients are the
 * same.
 *
 * <p>First something sends a gradient into {@link #hidden}, then {@link #backward} sends it on. The tensors belong to the
 * {@link PointerScope} that it was made in.
 */
public final class Recomputation {

    private final List<Block> blocks;
    private final Pass pass;
    private final Adaptation adaptation;
    private final Tensor embedded;
    private final List<Tensor> inputs = new ArrayList<>();
    private final Tensor last;
    private final Tensor hidden;

    /** @param embedded the first block's input, {@code [batch, time, hidden]} */
    Recomputation(List<Block> blocks, RmsNorm norm, Pass pass, Adaptation adaptation, Tensor embedded) {
        this.blocks = blocks;
        this.pass = pass;
        this.adaptation = adaptation;
        this.embedded = embedded;
        try (AutoGradMode off = new AutoGradMode(false)) {
            Tensor x = embedded.detach();
            for (Block block : blocks) {
                inputs.add(x);
                Tensor input = x;
                x = NativeScope.keeping(() -> block.apply(input, pass, Optional.empty(), adaptation));
            }
            last = leaf(x);
        }
        hidden = norm.apply(last, adaptation);
    }

    /** Last hidden states, after the final norm: {@code [batch, time, hidden]}. */
    public Tensor hidden() {
        return hidden;
    }

    /** Sends what came to {@link #hidden} back through all blocks into the weights' gradients. */
    public void backward() {
        Tensor gradient = last.grad();
        for (int i = blocks.size() - 1; i >= 0; i--) {
            Block block = blocks.get(i);
            Tensor input = inputs.get(i);
            Tensor behind = gradient;
            gradient = NativeScope.keeping(() -> {
                Tensor leaf = leaf(input);
                Autograd.backward(block.apply(leaf, pass, Optional.empty(), adaptation), behind);
                // Not the gradient itself, which is a part of the leaf.
                return leaf.grad().detach();
            });
        }
        if (embedded.requires_grad()) {
            Autograd.backward(embedded, gradient);
        }
    }

    private static Tensor leaf(Tensor x) {
        Tensor leaf = x.detach();
        leaf.set_requires_grad(true);
        return leaf;
    }
}
