package io.github.lift4j.engine.generation;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.bytedeco.javacpp.LongPointer;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.T_TensorTensor_T;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;

/**
 * How likely the model that wrote a text held a token at its position: at temperature 1 and among all tokens, however it was
 * chosen.
 *
 * @param chosen the token that was taken
 * @param likeliest the likeliest tokens there, the first of them first, the chosen one among them or not
 */
public record TokenOdds(Odds chosen, List<Odds> likeliest) {

    /**
     * One token's.
     *
     * @param logProbability in nats
     */
    public record Odds(int id, float logProbability) {}

    public TokenOdds {
        likeliest = List.copyOf(likeliest);
    }

    /**
     * Of some rows.
     *
     * @param logits {@code [all rows, vocabulary]}
     * @param rows indices of those it is about
     * @param chosen for each of them, as is
     * @param likeliest how many are told; at most as many as there are tokens
     */
    static List<TokenOdds> of(Tensor logits, int[] rows, int[] chosen, int[] likeliest) {
        try (PointerScope scope = new PointerScope()) {
            Tensor own = NativeFloats.logSoftmax(logits.index_select(0, indices(rows, logits)));
            float[] taken =
                    NativeFloats.of(own.gather(1, indices(chosen, logits).view(-1, 1)));
            int width = (int) Math.min(IntStream.of(likeliest).max().orElse(0), own.size(1));
            List<Odds> top = likeliest(own, width);
            List<TokenOdds> odds = new ArrayList<>();
            for (int row = 0; row < rows.length; row++) {
                int from = row * width;
                odds.add(new TokenOdds(
                        new Odds(chosen[row], taken[row]), top.subList(from, from + Math.min(width, likeliest[row]))));
            }
            return odds;
        }
    }

    /** Of {@code [rows, vocabulary]}, so many of each row, one row behind the other. */
    private static List<Odds> likeliest(Tensor logProbabilities, int width) {
        if (width == 0) {
            return List.of();
        }
        T_TensorTensor_T top = torch.topk(logProbabilities, width);
        float[] values = NativeFloats.of(top.get0());
        long[] ids = new long[values.length];
        new LongPointer(top.get1().to(ScalarType.Long).cpu().contiguous().data_ptr()).get(ids);
        return IntStream.range(0, ids.length)
                .mapToObj(i -> new Odds((int) ids[i], values[i]))
                .toList();
    }

    private static Tensor indices(int[] values, Tensor beside) {
        return torch.tensor(values).to(beside.device(), ScalarType.Long);
    }
}
