package io.github.lift4j.engine.transformer;

import java.util.List;
import java.util.Optional;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Tensor;

/**
 * One block, forward and back. The projections' way back is the {@linkplain Adaptation#projectBack adaptation's}: matrix
 * products that add into the gradients in place. What lies between them is {@linkplain Part libtorch's}. Runs where no
 * graph is recorded. Owns what it keeps: close it.
 *
 * @param output {@code [batch, time, hidden]}
 */
record BlockPass(
        Block block,
        Adaptation adaptation,
        Part attentionNorm,
        Part mixing,
        Part feedForwardNorm,
        Part gating,
        Tensor output)
        implements AutoCloseable {

    /** The way forward, {@code x [batch, time, hidden]}. Norms and the gate, which are cheap, are not kept. */
    static BlockPass forward(Block block, Tensor x, Pass pass, Adaptation adaptation) {
        Attention attention = block.attention();
        FeedForward feedForward = block.feedForward();
        try (PointerScope scope = new PointerScope()) {
            Part attentionNorm = Part.again(in -> block.attentionNorm().apply(in.getFirst(), adaptation), List.of(x));
            Tensor read = attentionNorm.output();
            Part mixing = Part.kept(
                    in -> attention.mix(in.get(0), in.get(1), in.get(2), pass, Optional.empty(), adaptation),
                    adaptation.project(attention.readers(), read));
            Tensor y = adaptation.project(attention.output(), mixing.output()).add_(x);
            Part feedForwardNorm =
                    Part.again(in -> block.feedForwardNorm().apply(in.getFirst(), adaptation), List.of(y));
            Tensor seen = feedForwardNorm.output();
            Part gating = Part.again(
                    in -> FeedForward.gated(in.get(0), in.get(1)), adaptation.project(feedForward.readers(), seen));
            Tensor z = adaptation.project(feedForward.down(), gating.output()).add_(y);
            return new BlockPass(
                    block, adaptation, attentionNorm, mixing, feedForwardNorm, gating, z.retainReference());
        }
    }

    /** The input's gradient for one of the output, {@code [batch, time, hidden]} both; the weights' are added to. */
    Tensor back(Tensor gradient) {
        Attention attention = block.attention();
        FeedForward feedForward = block.feedForward();
        Tensor gated = back(List.of(feedForward.down()), gating.outputAgain(), List.of(gradient));
        List<Tensor> projected = gating.back(gated);
        Tensor seen = back(feedForward.readers(), feedForwardNorm.outputAgain(), projected);
        Tensor y = feedForwardNorm.back(seen).getFirst().add_(gradient);
        Tensor mixed = back(List.of(attention.output()), mixing.outputAgain(), List.of(y));
        List<Tensor> heads = mixing.back(mixed);
        Tensor read = back(attention.readers(), attentionNorm.outputAgain(), heads);
        return attentionNorm.back(read).getFirst().add_(y);
    }

    /** Through layers that all read one input. */
    private Tensor back(List<Linear> layers, Tensor input, List<Tensor> gradients) {
        Tensor rows = input.reshape(-1, input.size(-1));
        Optional<Tensor> sum = Optional.empty();
        for (int i = 0; i < layers.size(); i++) {
            Tensor gradient = gradients.get(i).reshape(-1, layers.get(i).out());
            sum = Optional.of(adaptation.projectBack(layers.get(i), rows, gradient, sum));
        }
        return sum.orElseThrow().view_as(input);
    }

    @Override
    public void close() {
        attentionNorm.close();
        mixing.close();
        feedForwardNorm.close();
        gating.close();
        output.close();
    }
}
