package io.github.lift4j.engine.transformer;

import java.util.List;
import java.util.stream.IntStream;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/**
 * One block, forward and back. The projections' way back is the {@linkplain Adaptation#projectBack adaptation's}: matrix
 * products that add into the gradients in place. Norms, gates and turns are {@link Elementwise}, attention is {@linkplain
 * Part libtorch's}. Runs where no graph is recorded. Owns what it keeps: close it.
 *
 * @param mixing attention between the turned heads and its output projection
 * @param gate {@code [batch, time, intermediate]}
 * @param up {@code [batch, time, intermediate]}
 * @param output {@code [batch, time, hidden]}
 */
record BlockPass(
        Block block,
        Adaptation adaptation,
        NormPass attentionNorm,
        HeadPass queries,
        HeadPass keys,
        Part mixing,
        NormPass feedForwardNorm,
        Tensor gate,
        Tensor up,
        Tensor output)
        implements AutoCloseable {

    /** The way forward, {@code x [batch, time, hidden]}. Norms and the gate, which are cheap, are not kept. */
    static BlockPass forward(Block block, Tensor x, Pass pass, Adaptation adaptation) {
        Attention attention = block.attention();
        FeedForward feedForward = block.feedForward();
        try (PointerScope scope = new PointerScope()) {
            NormPass attentionNorm = NormPass.of(block.attentionNorm(), attention.elementwise(), adaptation, x);
            List<Tensor> read = adaptation.project(attention.readers(), attentionNorm.output());
            HeadPass queries = HeadPass.of(attention, attention.queryNorm(), read.get(0), pass, adaptation);
            HeadPass keys = HeadPass.of(attention, attention.keyNorm(), read.get(1), pass, adaptation);
            Part mixing = Part.kept(
                    in -> attention.attend(in.get(0), in.get(1), in.get(2), pass),
                    List.of(
                            queries.forward(read.get(0)),
                            keys.forward(read.get(1)),
                            attention.heads(read.get(2).contiguous())));
            Tensor y = adaptation.project(attention.output(), mixing.output()).add_(x);
            NormPass feedForwardNorm = NormPass.of(block.feedForwardNorm(), feedForward.elementwise(), adaptation, y);
            List<Tensor> seen = adaptation.project(feedForward.readers(), feedForwardNorm.output());
            Tensor gated = feedForward.elementwise().gated(seen.get(0), seen.get(1));
            Tensor z = adaptation.project(feedForward.down(), gated).add_(y);
            return new BlockPass(
                    block,
                    adaptation,
                    attentionNorm,
                    queries,
                    keys,
                    mixing,
                    feedForwardNorm,
                    seen.get(0).retainReference(),
                    seen.get(1).retainReference(),
                    z.retainReference());
        }
    }

    /** The input's gradient for one of the output, {@code [batch, time, hidden]} both; the weights' are added to. */
    Tensor back(Tensor gradient) {
        Attention attention = block.attention();
        FeedForward feedForward = block.feedForward();
        Elementwise elementwise = feedForward.elementwise();
        Tensor gated = back(List.of(feedForward.down()), elementwise.gated(gate, up), List.of(gradient));
        List<Tensor> projected = elementwise.gatedBack(gate, up, gated);
        Tensor seen = back(feedForward.readers(), feedForwardNorm.output(), projected);
        Tensor y = feedForwardNorm.back(seen, gradient);
        Tensor mixed = back(List.of(attention.output()), mixing.outputAgain(), List.of(y));
        Tensor read = back(attention.readers(), attentionNorm.output(), headsBack(mixing.back(mixed)));
        return attentionNorm.back(read, y);
    }

    /** Of queries, keys and values before they were turned, side by side: {@code [batch, time, heads * headWidth]} each. */
    private List<Tensor> headsBack(List<Tensor> gradients) {
        List<Linear> readers = block.attention().readers();
        Tensor first = gradients.getFirst();
        long[] all = {
            first.size(0),
            first.size(2),
            readers.stream().mapToLong(Linear::out).sum()
        };
        List<Tensor> parts = Linear.parts(readers, torch.empty(all, first.options(), null));
        queries.back(gradients.get(0), parts.get(0));
        keys.back(gradients.get(1), parts.get(1));
        block.attention().heads(parts.get(2)).copy_(gradients.get(2));
        return parts;
    }

    /** Through layers that all read one input. */
    private Tensor back(List<Linear> layers, Tensor input, List<Tensor> gradients) {
        List<Tensor> rows = IntStream.range(0, layers.size())
                .mapToObj(i -> gradients.get(i).reshape(-1, layers.get(i).out()))
                .toList();
        return adaptation
                .projectBack(layers, input.reshape(-1, input.size(-1)), rows)
                .view_as(input);
    }

    @Override
    public void close() {
        attentionNorm.close();
        queries.close();
        keys.close();
        mixing.close();
        feedForwardNorm.close();
        gate.close();
        up.close();
        output.close();
    }
}
