package io.github.lift4j.engine.transformer;

import org.bytedeco.pytorch.Tensor;

/**
 * One of a block's two norms, forward and back. Its input is kept, what it makes of that is computed again. Owns what it
 * keeps: close it.
 */
record NormPass(RmsNorm norm, Elementwise elementwise, Adaptation adaptation, Tensor input) implements AutoCloseable {

    /** @param input {@code [batch, time, hidden]} */
    static NormPass of(RmsNorm norm, Elementwise elementwise, Adaptation adaptation, Tensor input) {
        return new NormPass(norm, elementwise, adaptation, input.detach().retainReference());
    }

    /** {@code [batch, time, hidden]} */
    Tensor output() {
        return norm.apply(input, adaptation);
    }

    /** The input's gradient for one of the output, and what comes past the norm added to it. */
    Tensor back(Tensor gradient, Tensor past) {
        return elementwise.normBack(
                input,
                adaptation.weight(norm.weight()),
                norm.epsilon(),
                gradient,
                past,
                adaptation.gradient(norm.weight()));
    }

    @Override
    public void close() {
        input.close();
    }
}
