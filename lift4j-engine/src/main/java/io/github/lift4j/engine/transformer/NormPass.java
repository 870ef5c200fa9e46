package io.github.lift4j.engine.transformer;

import java.util.List;
import java.util.Optional;
import org.bytedeco.pytorch.Tensor;

/**
 * One of a block's two norms, forward and back. Its input is kept, what it makes of that is computed again. Owns what it
 * keeps: close it.
 *
 * @param part the norm as libtorch goes back through it, where its weight is trained or there is no kernel
 */
record NormPass(RmsNorm norm, Elementwise elementwise, Adaptation adaptation, Tensor input, Optional<Part> part)
        implements AutoCloseable {

    /** @param input {@code [batch, time, hidden]} */
    static NormPass of(RmsNorm norm, Elementwise elementwise, Adaptation adaptation, Tensor input) {
        boolean byHand = elementwise.goesBackThroughNorms(input)
                && !adaptation.weight(norm.weight()).requires_grad();
        return new NormPass(
                norm,
                elementwise,
                adaptation,
                input.detach().retainReference(),
                byHand
                        ? Optional.empty()
                        : Optional.of(Part.again(in -> norm.apply(in.getFirst(), adaptation), List.of(input))));
    }

    /** {@code [batch, time, hidden]} */
    Tensor output() {
        return norm.apply(input, adaptation);
    }

    /** The same, made ready for {@link #back}. */
    Tensor outputAgain() {
        return part.map(Part::outputAgain).orElseGet(this::output);
    }

    /** The input's gradient for one of the output, and what comes past the norm added to it. */
    Tensor back(Tensor gradient, Tensor past) {
        return part.map(p -> p.back(gradient).getFirst().add_(past))
                .orElseGet(() ->
                        elementwise.normBack(input, adaptation.weight(norm.weight()), norm.epsilon(), gradient, past));
    }

    @Override
    public void close() {
        part.ifPresent(Part::close);
        input.close();
    }
}
