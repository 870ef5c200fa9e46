package io.github.lift4j.engine.transformer;

import java.util.List;
import org.bytedeco.pytorch.Tensor;

/** The gated feed-forward network (SwiGLU): {@code down(silu(gate(x)) * up(x))}. */
record FeedForward(Elementwise elementwise, Linear gate, Linear up, Linear down) {

    /** The projections that read the network's input. */
    List<Linear> readers() {
        return List.of(gate, up);
    }

    /** {@code [batch, time, hidden] -> [batch, time, hidden]} */
    Tensor apply(Tensor x, Adaptation adaptation) {
        List<Tensor> seen = adaptation.project(readers(), x);
        return adaptation.project(down, elementwise.gated(seen.get(0), seen.get(1)));
    }
}
