package io.github.lift4j.engine.runtime;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;

/**
 * Matrices that lie beside each other in memory, and are one larger matrix as they are: a product with that takes less time
 * than one with each of them. Not for where a graph is recorded.
 */
public final class Adjacent {

    private Adjacent() {}

    /** {@code [out, in]} each, one behind the other: {@code [sum of out, in]}. Empty where they do not lie so. */
    public static Optional<Tensor> rows(List<Tensor> matrices) {
        Tensor first = matrices.getFirst();
        return follow(matrices, matrix -> matrix.is_contiguous() ? matrix.numel() : -1)
                ? Optional.of(
                        first.as_strided(new long[] {total(matrices, 0), first.size(1)}, new long[] {first.size(1), 1}))
                : Optional.empty();
    }

    /** Copies of matrices {@code [out, in]} that lie one behind the other. */
    public static List<Tensor> stacked(List<Tensor> matrices) {
        Tensor all = torch.cat(new TensorVector(matrices.toArray(Tensor[]::new)), 0);
        List<Tensor> parts = new ArrayList<>();
        long from = 0;
        for (Tensor matrix : matrices) {
            parts.add(all.narrow(0, from, matrix.size(0)));
            from += matrix.size(0);
        }
        return parts;
    }

    /** {@code [n, width]} each, side by side: {@code [n, sum of widths]}; a copy where they do not lie so. */
    public static Tensor columns(List<Tensor> matrices) {
        Tensor first = matrices.getFirst();
        boolean alike = matrices.stream().allMatch(matrix -> matrix.stride(0) == first.stride(0));
        return alike && follow(matrices, matrix -> matrix.stride(1) == 1 ? matrix.size(1) : -1)
                ? first.as_strided(new long[] {first.size(0), total(matrices, 1)}, new long[] {first.stride(0), 1})
                : torch.cat(new TensorVector(matrices.toArray(Tensor[]::new)), 1);
    }

    /** Numbers from the beginning of a matrix to that of the next; negative where none may follow. */
    private interface Extent {
        long of(Tensor matrix);
    }

    /** Whether each begins where the one before ends. */
    private static boolean follow(List<Tensor> matrices, Extent extent) {
        Tensor first = matrices.getFirst();
        long next = first.storage_offset();
        for (Tensor matrix : matrices) {
            long numbers = extent.of(matrix);
            if (numbers < 0 || matrix.storage_offset() != next || !matrix.is_alias_of(first)) {
                return false;
            }
            next += numbers;
        }
        return true;
    }

    private static long total(List<Tensor> matrices, int dimension) {
        return matrices.stream().mapToLong(matrix -> matrix.size(dimension)).sum();
    }
}
