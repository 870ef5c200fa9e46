package io.github.lift4j.engine.transformer;

import java.util.Optional;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;

/**
 * Attention of rows that go on from one prefix: the queries of all rows meet the prefix's keys in one product a head,
 * since these are the same for all, and their own keys in another; one softmax runs over both.
 *
 * <p>Rows stand before heads, {@code [rows, keyValueHeads, ...]}, as their keys are kept, which are never copied; where the
 * prefix is met heads come first, and only queries and scores change places.
 */
final class BranchedAttention {

    private BranchedAttention() {}

    /**
     * {@code q [rows, heads, time, width]}, own k and v {@code [rows, keyValueHeads, keys, width]} to
     * {@code [rows, time, heads * width]}.
     */
    static Tensor attend(Tensor q, Tensor k, Tensor v, KeyValueCache.Layer layer, Pass pass) {
        long rows = q.size(0);
        long heads = q.size(1);
        long time = q.size(2);
        long width = q.size(3);
        long pairs = rows * k.size(1);
        Tensor queries = q.mul(new Scalar(1 / Math.sqrt(width))).reshape(pairs, heads * rows / pairs * time, width);
        Tensor own = ownScores(queries, k, pass);
        Tensor values = v.reshape(pairs, v.size(2), width);
        Optional<Tensor> prefixKeys = layer.prefixKeys();
        Tensor mixed = prefixKeys.isPresent()
                ? mixBoth(
                        prefixScores(queries, prefixKeys.get().squeeze(0), rows, pass),
                        own,
                        layer.prefixValues().orElseThrow().squeeze(0),
                        values)
                : torch.bmm(torch.softmax(own, -1), values);
        return mixed.view(rows, heads, time, width).transpose(1, 2).reshape(rows, time, heads * width);
    }

    /** {@code [rows * keyValueHeads, group * time, keys]}, masked. */
    private static Tensor ownScores(Tensor queries, Tensor k, Pass pass) {
        long keys = k.size(2);
        Tensor scores = Attention.scores(queries, k.reshape(queries.size(0), keys, k.size(3)));
        Tensor mask = pass.mask().orElseThrow();
        scores.narrow(2, keys - mask.size(1), mask.size(1)).add_(mask);
        scores.view(k.size(0), k.size(1), -1, keys)
                .add_(pass.branches().orElseThrow().padding());
        return scores;
    }

    /** {@code [keyValueHeads, rows, group * time, prefix]}, masked. */
    private static Tensor prefixScores(Tensor queries, Tensor keys, long rows, Pass pass) {
        Tensor headsFirst = queries.view(rows, keys.size(0), -1, keys.size(2))
                .transpose(0, 1)
                .reshape(keys.size(0), -1, keys.size(2));
        Tensor scores = torch.bmm(headsFirst, keys.transpose(1, 2)).view(keys.size(0), rows, -1, keys.size(1));
        pass.branches().orElseThrow().prefix().ifPresent(scores::add_);
        return scores;
    }

    /** Own scores and values with rows first, {@code [rows * keyValueHeads, ...]}; so is what comes of it. */
    private static Tensor mixBoth(Tensor prefixScores, Tensor ownScores, Tensor prefixValues, Tensor ownValues) {
        long shared = prefixScores.size(0);
        long rows = prefixScores.size(1);
        long prefix = prefixScores.size(3);
        long own = ownScores.size(2);
        Tensor ownHeadsFirst = ownScores.view(rows, shared, -1, own).transpose(0, 1);
        Tensor weights = torch.softmax(torch.cat(new TensorVector(prefixScores, ownHeadsFirst), -1), -1);
        Tensor fromPrefix = torch.bmm(weights.view(shared, -1, prefix + own).narrow(2, 0, prefix), prefixValues);
        Tensor ownWeights = weights.narrow(3, prefix, own).transpose(0, 1).reshape(rows * shared, -1, own);
        Tensor fromOwn = torch.bmm(ownWeights, ownValues);
        return fromOwn.view(rows, shared, -1, ownValues.size(2))
                .add_(fromPrefix.view(shared, rows, -1, ownValues.size(2)).transpose(0, 1));
    }
}
