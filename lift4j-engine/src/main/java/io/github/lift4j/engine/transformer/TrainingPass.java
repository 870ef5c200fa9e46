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
 * A pass over whole sequences, ready for the way back: first something sends a gradient into {@link #hidden}, then {@link
 * #backward} sends it on. Made and closed within one {@link PointerScope}, which owns {@link #hidden}.
 */
public final class TrainingPass implements AutoCloseable {

    /** What is not kept for the way back, but computed again: memory for time. The gradients are the same. */
    public enum Again {
        /** Norms and gates, a few operations on each number: this costs next to nothing. */
        CHEAP,
        /** Whole blocks (Chen et al., 2016): only their inputs are kept, for a third more arithmetic. */
        BLOCKS
    }

    private final List<Block> blocks;
    private final Pass pass;
    private final Adaptation adaptation;
    private final Again again;
    private final Tensor embedded;
    private final List<Tensor> inputs = new ArrayList<>();
    private final List<BlockPass> kept = new ArrayList<>();
    private final Tensor last;
    private final Tensor hidden;

    /** @param embedded the first block's input, {@code [batch, time, hidden]} */
    TrainingPass(List<Block> blocks, RmsNorm norm, Pass pass, Adaptation adaptation, Tensor embedded, Again again) {
        this.blocks = blocks;
        this.pass = pass;
        this.again = again;
        this.embedded = embedded;
        try (AutoGradMode off = new AutoGradMode(false)) {
            this.adaptation = adaptation.forPass();
            Tensor x = embedded.detach();
            for (Block block : blocks) {
                x = forward(block, x);
            }
            last = x.detach();
        } catch (RuntimeException e) {
            close();
            throw e;
        }
        last.set_requires_grad(true);
        hidden = norm.apply(last, adaptation);
    }

    private Tensor forward(Block block, Tensor x) {
        return switch (again) {
            case CHEAP -> {
                BlockPass done = BlockPass.forward(block, x, pass, adaptation);
                kept.add(done);
                yield done.output();
            }
            case BLOCKS -> {
                inputs.add(x);
                yield NativeScope.keeping(() -> block.apply(x, pass, Optional.empty(), adaptation));
            }
        };
    }

    /** Last hidden states, after the final norm: {@code [batch, time, hidden]}. */
    public Tensor hidden() {
        return hidden;
    }

    /** Sends what came to {@link #hidden} back through all blocks into the weights' gradients. */
    public void backward() {
        Tensor gradient = throughBlocks();
        if (embedded.requires_grad()) {
            Autograd.backward(embedded, gradient);
        }
        gradient.close();
    }

    /** The first block's input's gradient; whoever calls closes it. */
    private Tensor throughBlocks() {
        Tensor gradient = last.grad();
        gradient.retainReference();
        try (AutoGradMode off = new AutoGradMode(false)) {
            for (int i = blocks.size() - 1; i >= 0; i--) {
                Tensor behind = gradient;
                try (PointerScope scope = new PointerScope();
                        BlockPass block = again == Again.BLOCKS
                                ? BlockPass.forward(blocks.get(i), inputs.get(i), pass, adaptation)
                                : kept.removeLast()) {
                    gradient = block.back(behind).retainReference();
                } finally {
                    behind.close();
                }
            }
        }
        return gradient;
    }

    @Override
    public void close() {
        kept.forEach(BlockPass::close);
        kept.clear();
    }
}
