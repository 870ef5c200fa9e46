package io.github.lift4j.engine.transformer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.github.lift4j.engine.runtime.ComputeDevice;
import io.github.lift4j.engine.runtime.ComputeType;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.AutoGradMode;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptions;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.junit.jupiter.api.Test;

/** The pieces of a long text's attention come to what the whole does. */
class PiecewiseAttentionTest {

    private static final int WIDTH = 16;

    private final List<Long> lengths = new ArrayList<>();

    /** Written out, for heads of their own keys. */
    private PiecewiseAttention.Mixed plain(Tensor q, Tensor k, Tensor v, boolean causal) {
        lengths.add(k.size(2));
        Tensor scores = torch.matmul(q, k.transpose(2, 3)).mul(new Scalar(1 / Math.sqrt(WIDTH)));
        if (causal) {
            Tensor later = torch.ones(q.size(2), k.size(2)).triu(k.size(2) - q.size(2) + 1);
            scores = scores.sub(later.mul(new Scalar(1e30)));
        }
        Tensor sums = torch.logsumexp(scores, new long[] {3}, true);
        return new PiecewiseAttention.Mixed(torch.matmul(torch.softmax(scores, 3), v), sums);
    }

    @Property(tries = 40)
    void piecesComeToTheWhole(@ForAll @IntRange(min = 1, max = 9) int time, @ForAll @IntRange(max = 80) int past) {
        try (PointerScope scope = new PointerScope();
                AutoGradMode off = new AutoGradMode(false)) {
            torch.manual_seed(time * 100L + past);
            Tensor q = torch.randn(2, 3, time, WIDTH).mul(new Scalar(3));
            Tensor k = torch.randn(2, 3, time + past, WIDTH);
            Tensor v = torch.randn(2, 3, time + past, WIDTH);
            Tensor whole = plain(q, k, v, true).values();
            Tensor pieces = new PiecewiseAttention(this::plain).attend(q, k, v);
            assertThat(pieces.sub(whole).abs().max().item_double()).isLessThan(1e-5);
        }
    }

    @Property
    void piecesAreAllKeysInFewSizes(
            @ForAll @LongRange(max = 1 << 20) long keys, @ForAll @IntRange(min = 1, max = 8192) int unit) {
        List<Long> pieces = PiecewiseAttention.pieces(keys, unit);
        assertThat(pieces.stream().mapToLong(Long::longValue).sum()).isEqualTo(keys);
        assertThat(pieces).allMatch(piece -> piece > 0).doesNotHaveDuplicates();
        assertThat(pieces.stream().filter(piece -> piece % unit != 0 || Long.bitCount(piece / unit) != 1))
                .as("beside the unit times powers of two")
                .hasSizeLessThanOrEqualTo(1);
    }

    @Test
    void onAGpuTheyComeToWhatFlashAttentionSays() {
        ComputeDevice device = ComputeDevice.parse("auto");
        assumeTrue(CudnnAttention.attends(device, ComputeType.BFLOAT16, 128), "no cuDNN that attends");
        try (PointerScope scope = new PointerScope();
                AutoGradMode off = new AutoGradMode(false)) {
            TensorOptions options = new TensorOptions(device.handle());
            Tensor q = torch.randn(new long[] {1, 32, 2048, 128}, options).to(ScalarType.BFloat16);
            Tensor stored =
                    torch.randn(new long[] {2, 1, 8, 16384, 128}, options).to(ScalarType.BFloat16);
            Tensor k = stored.select(0, 0).narrow(2, 0, 14336);
            Tensor v = stored.select(0, 1).narrow(2, 0, 14336);
            Tensor expected = FusedAttention.attend(q, k, v, Optional.empty());
            Tensor difference = CudnnAttention.attend(q, k, v).sub(expected).to(ScalarType.Float);
            assertThat(difference.norm().item_double())
                    .isLessThan(0.01 * expected.to(ScalarType.Float).norm().item_double());
        }
    }
}
