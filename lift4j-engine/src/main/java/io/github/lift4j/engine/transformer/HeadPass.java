package io.github.lift4j.engine.transformer;

import java.util.List;
import java.util.Optional;
import org.bytedeco.pytorch.Tensor;

/** Queries or keys between their projection and attention: normed where the family does so, and turned. Owns its norm. */
record HeadPass(Attention attention, Optional<Part> norm, RotaryEmbedding.Angles angles) implements AutoCloseable {

    /** What the norm needs is kept, and nothing else. */
    static HeadPass of(
            Attention attention, Optional<RmsNorm> norm, Tensor projected, Pass pass, Adaptation adaptation) {
        Optional<Part> part = norm.map(n ->
                Part.again(in -> n.apply(attention.heads(in.getFirst()), adaptation), List.of(projected)));
        return new HeadPass(attention, part, pass.angles());
    }

    /** {@code [batch, time, heads * headWidth] -> [batch, heads, time, headWidth]} */
    Tensor forward(Tensor projected) {
        Tensor heads = norm.map(Part::output).orElseGet(() -> attention.heads(projected));
        return attention.elementwise().rotate(heads, angles);
    }

    /** {@code gradient [batch, heads, time, headWidth]}, written where {@code into [batch, time, heads * headWidth]} is. */
    void back(Tensor gradient, Tensor into) {
        attention.elementwise().rotateBack(gradient, angles, attention.heads(into));
        norm.ifPresent(part -> into.copy_(part.backAgain(attention.heads(into)).getFirst()));
    }

    @Override
    public void close() {
        norm.ifPresent(Part::close);
    }
}
