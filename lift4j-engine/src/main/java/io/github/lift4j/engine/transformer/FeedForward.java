package io.github.lift4j.engine.transformer;

import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/** The gated feed-forward network (SwiGLU): {@code down(silu(gate(x)) * up(x))}. */
record FeedForward(Linear gate, Linear up, Linear down) {

    /** {@code [batch, time, hidden] -> [batch, time, hidden]} */
    Tensor apply(Tensor x, Adaptation adaptation) {
        return adaptation.project(down, gated(adaptation.project(gate, x), adaptation.project(up, x)));
    }

    /** What lies between the projections. */
    static Tensor gated(Tensor gate, Tensor up) {
        return torch.silu(gate).mul(up);
    }
}
