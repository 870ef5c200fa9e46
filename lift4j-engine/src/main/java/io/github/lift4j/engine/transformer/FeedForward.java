package io.github.lift4j.engine.transformer;

import java.util.List;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/** The gated feed-forward network (SwiGLU): {@code down(silu(gate(x)) * up(x))}. */
record FeedForward(Linear gate, Linear up, Linear down) {

    /** The projections that read the network's input. */
    List<Linear> readers() {
        return List.of(gate, up);
    }

    /** {@code [batch, time, hidden] -> [batch, time, hidden]} */
    Tensor apply(Tensor x, Adaptation adaptation) {
        return adaptation.project(down, gated(adaptation.project(gate, x), adaptation.project(up, x)));
    }

    /** What lies between the projections. */
    static Tensor gated(Tensor gate, Tensor up) {
        return torch.silu(gate).mul(up);
    }
}
