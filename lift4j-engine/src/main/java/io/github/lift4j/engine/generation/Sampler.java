package io.github.lift4j.engine.generation;

import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.bytedeco.javacpp.DoublePointer;
import org.bytedeco.javacpp.LongPointer;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.LongOptional;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.StringViewOptional;
import org.bytedeco.pytorch.T_TensorTensor_T;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.TensorOptions;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;

/**
 * Chooses the next token of each of some texts. A row's draws depend on its own seed and on what it drew before, not on
 * the rows beside it.
 */
final class Sampler {

    private final Sampling sampling;
    private List<SplittableRandom> randoms;

    /** One text for each seed. */
    Sampler(Sampling sampling, List<Long> seeds) {
        this.sampling = sampling;
        this.randoms = seeds.stream().map(SplittableRandom::new).toList();
    }

    /** Goes on with these rows only. */
    void keepRows(int[] rows) {
        randoms = IntStream.of(rows).mapToObj(randoms::get).toList();
    }

    /**
     * The next tokens, {@code [rows]}.
     *
     * @param logits {@code [rows, vocabulary]}, left as they are
     * @param seen the ids in each row's window so far; asked only where repetition is punished
     */
    int[] next(Tensor logits, Supplier<List<int[]>> seen) {
        try (PointerScope scope = new PointerScope()) {
            Tensor wide = logits.to(ScalarType.Float);
            if (sampling.repetitionPenalty() != 1) {
                wide = punished(wide, seen.get());
            }
            Tensor chosen = sampling.temperature() == 0 ? wide.argmax(new LongOptional(-1), false) : drawn(wide);
            long[] ids = new long[randoms.size()];
            new LongPointer(chosen.to(ScalarType.Long).cpu().contiguous().data_ptr()).get(ids);
            return IntStream.range(0, ids.length).map(i -> (int) ids[i]).toArray();
        }
    }

    private Tensor punished(Tensor logits, List<int[]> seen) {
        Tensor changed = logits.clone();
        for (int row = 0; row < seen.size(); row++) {
            int[] distinct = IntStream.of(seen.get(row)).distinct().toArray();
            Tensor ids = torch.tensor(distinct).to(logits.device(), ScalarType.Long);
            Tensor old = logits.select(0, row).index_select(0, ids);
            Scalar penalty = new Scalar(sampling.repetitionPenalty());
            changed.select(0, row)
                    .index_copy_(0, ids, torch.where(old.gt(new Scalar(0)), old.div(penalty), old.mul(penalty)));
        }
        return changed;
    }

    private Tensor drawn(Tensor logits) {
        Tensor scaled = logits.div(new Scalar(sampling.temperature()));
        if (sampling.topK() == 0 && sampling.topP() == 1) {
            return draw(torch.softmax(scaled, -1));
        }
        T_TensorTensor_T sorted = torch.sort(scaled, -1, true);
        long kept = sampling.topK() == 0 ? scaled.size(1) : Math.min(sampling.topK(), scaled.size(1));
        Tensor likely = torch.softmax(sorted.get0().narrow(1, 0, kept), -1);
        // A token stays while those before it have not reached top-p together; the first always does.
        Tensor before = likely.cumsum(-1).sub(likely);
        Tensor nucleus = likely.mul(before.lt(new Scalar(sampling.topP())).to(ScalarType.Float));
        return sorted.get1().gather(1, draw(nucleus).view(-1, 1));
    }

    /** Inverts the cumulative distribution of {@code weights [rows, n]} at one random number a row. */
    private Tensor draw(Tensor weights) {
        Tensor cumulative = weights.to(ScalarType.Double).cumsum(-1);
        double[] tickets =
                randoms.stream().mapToDouble(SplittableRandom::nextDouble).toArray();
        Tensor ticket = torch.from_blob(
                        new DoublePointer(tickets),
                        new long[] {tickets.length, 1},
                        new TensorOptions(ScalarType.Double))
                .to(weights.device(), ScalarType.Double)
                .mul(cumulative.narrow(1, cumulative.size(1) - 1, 1));
        return torch.searchsorted(cumulative, ticket, false, true, new StringViewOptional(), new TensorOptional())
                .clamp_max(new Scalar(weights.size(1) - 1))
                .view(-1);
    }
}
