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
 * <p>Heads stand before rows here, {@code [keyValueHeads, rows, ...]}, so that the larger part is never transposed.
 */
final class BranchedAttention {

    private BranchedAttention() {}

    /**
     * {@code q [rows, heads, time, width]}, own k and v {@code [rows, keyValueHeads, keys, width]} to
     * {@code [rows, time, heads * width]}.
     */
    static Tensor attend(Tensor q, Tensor k, Tensor v, KeyValueCache.Layer layer, Pass pass) {
        long rows = q.size(0);
        long time = q.size(2);
        long width = q.size(3);
        long shared = k.size(1);
        long group = q.size(1) / shared;
        Tensor queries = q.mul(new Scalar(1 / Math.sqrt(width)))
                .reshape(rows, shared, group * time, width)
                .transpose(0, 1)
                .reshape(shared, rows * group * time, width);
        Tensor own = ownScores(queries.view(shared * rows, group * time, width), k, pass);
        Optional<Tensor> prefixKeys = layer.prefixKeys();
        Tensor mixed = prefixKeys.isPresent()
                ? mixBoth(
                        prefixScores(queries, prefixKeys.get().squeeze(0), rows, pass),
                        own,
                        layer.prefixValues().orElseThrow().squeeze(0),
                        headsFirst(v))
                : torch.bmm(torch.softmax(own, -1), headsFirst(v));
        return mixed.view(shared, rows, group, time, width)
                .permute(1, 3, 0, 2, 4)
                .reshape(rows, time, shared * group * width);
    }

    /** {@code [rows, keyValueHeads, keys, width] -> [keyValueHeads * rows, keys, width]} */
    private static Tensor headsFirst(Tensor x) {
        return x.transpose(0, 1).reshape(x.size(0) * x.size(1), x.size(2), x.size(3));
    }

    /** {@code [keyValueHeads * rows, group * time, keys]}, masked. */
    private static Tensor ownScores(Tensor queries, Tensor k, Pass pass) {
        Tensor scores = torch.bmm(queries, headsFirst(k).transpose(1, 2));
        long keys = k.size(2);
        Tensor mask = pass.mask().orElseThrow();
        scores.narrow(2, keys - mask.size(1), mask.size(1)).add_(mask);
        scores.view(k.size(1), k.size(0), -1, keys)
                .add_(pass.branches().orElseThrow().padding());
        return scores;
    }

    /** {@code [keyValueHeads, rows * group * time, prefix]}, masked. */
    private static Tensor prefixScores(Tensor queries, Tensor keys, long rows, Pass pass) {
        Tensor scores = torch.bmm(queries, keys.transpose(1, 2));
        pass.branches()
                .orElseThrow()
                .prefix()
                .ifPresent(mask ->
                        scores.view(keys.size(0), rows, -1, keys.size(1)).add_(mask));
        return scores;
    }

    private static Tensor mixBoth(Tensor prefixScores, Tensor ownScores, Tensor prefixValues, Tensor ownValues) {
        long prefix = prefixScores.size(2);
        long own = ownScores.size(2);
        Tensor all = torch.cat(new TensorVector(prefixScores, ownScores.view(prefixScores.size(0), -1, own)), -1);
        Tensor weights = torch.softmax(all, -1);
        Tensor fromPrefix = torch.bmm(weights.narrow(2, 0, prefix), prefixValues);
        Tensor fromOwn =
                torch.bmm(weights.narrow(2, prefix, own).reshape(ownScores.size(0), ownScores.size(1), own), ownValues);
        return fromPrefix.view_as(fromOwn).add_(fromOwn);
    }
}
