package io.github.lift4j.engine.transformer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.github.lift4j.engine.runtime.Autograd;
import io.github.lift4j.engine.runtime.ComputeDevice;
import io.github.lift4j.engine.runtime.ComputeType;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.AutoGradMode;
import org.bytedeco.pytorch.DoubleOptional;
import org.bytedeco.pytorch.GeneratorOptional;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.TensorOptions;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** On a GPU our kernels do what libtorch's operations do. Elsewhere there is nothing to test. */
class CudaKernelsTest {

    private static final ComputeDevice.Cuda GPU = new ComputeDevice.Cuda(0, OptionalLong.empty());

    @BeforeAll
    static void onAGpu() {
        assumeTrue(ComputeDevice.parse("auto") instanceof ComputeDevice.Cuda, "no GPU");
    }

    @Test
    void gatesAlikeForwardAndBack() {
        try (PointerScope scope = new PointerScope()) {
            Elementwise own = CudaElementwise.on(GPU).orElseThrow();
            Tensor both = random(3, 37, 2 * 48);
            for (List<Tensor> inputs : List.of(
                    List.of(both.narrow(2, 0, 48), both.narrow(2, 48, 48)),
                    List.of(random(3, 37, 48), random(3, 37, 48)))) {
                Tensor gate = inputs.get(0);
                Tensor up = inputs.get(1);
                alike(own.gated(gate, up), Elementwise.LIBTORCH.gated(gate, up));
                Tensor gradient = random(3, 37, 48);
                List<Tensor> back = own.gatedBack(gate, up, gradient);
                List<Tensor> expected = Elementwise.LIBTORCH.gatedBack(gate, up, gradient);
                alike(back.get(0), expected.get(0));
                alike(back.get(1), expected.get(1));
            }
        }
    }

    @Test
    void turnsAlike() {
        try (PointerScope scope = new PointerScope()) {
            Elementwise own = CudaElementwise.on(GPU).orElseThrow();
            for (int rows : new int[] {1, 3}) {
                RotaryEmbedding.Angles angles =
                        new RotaryEmbedding.Angles(random(rows, 1, 19, 32), random(rows, 1, 19, 32));
                Tensor projected = random(3, 19, 5 * 64).view(3, 19, 5, 64).transpose(1, 2);
                alike(own.rotate(projected, angles), Elementwise.LIBTORCH.rotate(projected, angles));
                Tensor part = fiveHeads(random(3, 19, 9 * 64));
                alike(own.rotate(part, angles), Elementwise.LIBTORCH.rotate(part, angles));
                Tensor into = random(3, 19, 9 * 64);
                Tensor expected = into.clone();
                own.rotateBack(part, angles, fiveHeads(into));
                Elementwise.LIBTORCH.rotateBack(part, angles, fiveHeads(expected));
                alike(into, expected);
            }
        }
    }

    /** Of nine. */
    private static Tensor fiveHeads(Tensor x) {
        return x.narrow(2, 64, 5 * 64).view(3, 19, 5, 64).transpose(1, 2);
    }

    @Test
    void goesBackThroughNormsAlike() {
        try (PointerScope scope = new PointerScope()) {
            Elementwise own = CudaElementwise.on(GPU).orElseThrow();
            for (int width : new int[] {48, 576, 4096, 8192}) {
                Tensor x = random(60, 19, width).set_requires_grad(true);
                Tensor weight = random(width).set_requires_grad(true);
                Tensor gradient = random(60, 19, width);
                Tensor past = random(60, 19, width);
                Tensor normed =
                        torch.rms_norm(x, new long[] {width}, new TensorOptional(weight), new DoubleOptional(1e-5));
                Autograd.backward(normed, gradient);
                Tensor sum = torch.ones(new long[] {width}, new TensorOptions(GPU.handle()));
                for (Optional<Tensor> trained : List.of(Optional.of(sum), Optional.<Tensor>empty())) {
                    alike(
                            own.normBack(x.detach(), weight.detach(), 1e-5, gradient, past, trained),
                            x.grad().add(past));
                }
                alike(sum.sub(new Scalar(1)), weight.grad());
            }
        }
    }

    @Test
    void losesAlike() {
        try (PointerScope scope = new PointerScope()) {
            Elementwise own = CudaElementwise.on(GPU).orElseThrow();
            for (int width : new int[] {1, 5}) {
                for (int vocabulary : new int[] {40, 8000}) {
                    Tensor logits = random(6, vocabulary).mul(new Scalar(4));
                    TokenTargets targets = targets(6, width);
                    Tensor loss = torch.zeros(new long[] {1}, targets.weights().options());
                    Tensor expectedLoss = loss.clone();
                    Tensor expected = Elementwise.LIBTORCH.lossGradient(logits.clone(), targets, expectedLoss);
                    alike(own.lossGradient(logits.clone(), targets, loss), expected);
                    alike(loss, expectedLoss);
                }
            }
        }
    }

    /** Two targets have an id twice, one weighs nothing. */
    private static TokenTargets targets(int rows, int width) {
        int[] ids = new SplittableRandom(5).ints(rows * width, 0, 40).toArray();
        Arrays.fill(ids, 0, Math.min(2, width), 7);
        TensorOptions options = new TensorOptions(GPU.handle());
        Tensor weights = torch.arange(new Scalar((long) rows), options)
                .to(ScalarType.Float)
                .view(-1, 1);
        return new TokenTargets(
                torch.tensor(ids).view(rows, width).to(GPU.handle(), ScalarType.Long),
                torch.softmax(random(rows, width).to(ScalarType.Float), -1),
                weights);
    }

    @Test
    void attendsAlikeForwardAndBack() {
        assumeTrue(CudnnAttention.attends(GPU, ComputeType.BFLOAT16, 64), "no cuDNN that attends");
        try (PointerScope scope = new PointerScope()) {
            for (int time : new int[] {64, 200}) {
                for (int width : new int[] {64, 128}) {
                    Tensor queries = random(2, time, 6 * width);
                    Tensor keys = random(2, time, 3 * width);
                    Tensor values = random(2, time, 3 * width);
                    Tensor gradient = random(2, time, 6 * width);
                    List<Tensor> ours = attention(CudnnAttention::attend, queries, keys, values, width, gradient);
                    List<Tensor> theirs = attention(
                            (q, k, v) -> FusedAttention.attend(q, k, v, Optional.empty()),
                            queries,
                            keys,
                            values,
                            width,
                            gradient);
                    for (int i = 0; i < ours.size(); i++) {
                        alike(ours.get(i), theirs.get(i));
                    }
                }
            }
        }
    }

    private interface Attending {
        Tensor attend(Tensor q, Tensor k, Tensor v);
    }

    /** What comes out, and the gradients of what went in. */
    private static List<Tensor> attention(
            Attending attention, Tensor queries, Tensor keys, Tensor values, int width, Tensor gradient) {
        List<Tensor> leaves = Stream.of(queries, keys, values)
                .map(x -> x.clone().set_requires_grad(true))
                .toList();
        List<Tensor> heads = leaves.stream()
                .map(x -> x.view(x.size(0), x.size(1), -1, width).transpose(1, 2))
                .toList();
        Tensor mixed = attention.attend(heads.get(0), heads.get(1), heads.get(2));
        Autograd.backward(mixed, gradient);
        return Stream.concat(Stream.of(mixed.detach()), leaves.stream().map(x -> x.grad()))
                .toList();
    }

    @Test
    void storesInEightBitsAlike() {
        try (PointerScope scope = new PointerScope()) {
            Float8 own = CudaFloat8.on(GPU).orElseThrow();
            List<Tensor> parts = List.of(random(80, 96), random(80, 160).narrow(1, 32, 48), random(80, 8400));
            Tensor whole = torch.cat(new TensorVector(parts.toArray(Tensor[]::new)), 1);
            for (Float8.Kind kind : Float8.Kind.values()) {
                Float8.Scaled ours = own.scaled(parts, kind);
                Float8.Scaled theirs = Float8.LIBTORCH.scaled(parts, kind);
                assertThat(distance(restored(ours), whole)).isLessThan(1.05 * distance(restored(theirs), whole));
                Tensor across = own.transposed(ours.values());
                assertThat(across.is_contiguous()).isTrue();
                assertThat(torch.equal(
                                across.to(ScalarType.Float), ours.values().t().to(ScalarType.Float)))
                        .isTrue();
            }
        }
    }

    @Test
    void multipliesByStoredWeightsAlike() {
        try (PointerScope scope = new PointerScope();
                AutoGradMode off = new AutoGradMode(false)) {
            Float8 own = CudaFloat8.on(GPU).orElseThrow();
            Float8.Scaled weights = own.scaled(List.of(random(100, 576)), Float8.Kind.WEIGHTS);
            for (int rows : new int[] {1, 3, 8, 11, 32, 33}) {
                Tensor x = random(rows, 1, 640).narrow(2, 0, 576);
                for (TensorOptional bias : List.of(new TensorOptional(), new TensorOptional(random(100)))) {
                    alike(
                            own.times(x, weights.values(), weights.scale(), bias),
                            Float8.LIBTORCH.times(x, weights.values(), weights.scale(), bias));
                }
            }
        }
    }

    @Test
    void theNewestQueriesSeeAllThatIsOlder() {
        try (PointerScope scope = new PointerScope()) {
            Tensor q = random(1, 8, 40, 64);
            Tensor k = random(1, 2, 100, 64);
            Tensor v = random(1, 2, 100, 64);
            Tensor mask = torch.zeros(new long[] {40, 40}, new TensorOptions(GPU.handle()))
                    .masked_fill_(
                            torch.ones(new long[] {40, 40}, new TensorOptions(GPU.handle()))
                                    .triu(1)
                                    .to(ScalarType.Bool),
                            new Scalar(Double.NEGATIVE_INFINITY))
                    .to(ScalarType.BFloat16)
                    .repeat(4, 1);
            alike(FusedAttention.attend(q, k, v, Optional.empty()), FusedAttention.attend(q, k, v, Optional.of(mask)));
        }
    }

    private static Tensor restored(Float8.Scaled scaled) {
        return scaled.values().to(ScalarType.Float).mul(scaled.scale());
    }

    /** Up to a rounding more or less. */
    private static void alike(Tensor ours, Tensor theirs) {
        assertThat(ours.sizes().vec().get()).isEqualTo(theirs.sizes().vec().get());
        assertThat(distance(ours, theirs)).isLessThan(0.05);
    }

    private static double distance(Tensor ours, Tensor theirs) {
        Tensor b = theirs.to(ScalarType.Float);
        return ours.to(ScalarType.Float).sub(b).norm().item_double() / b.norm().item_double();
    }

    /** Numbers that our kernels take: what they leave to libtorch would be compared with itself. */
    private static Tensor random(long... shape) {
        Tensor x = torch.zeros(shape, new TensorOptions(GPU.handle()))
                .normal_(0, 1, new GeneratorOptional())
                .to(ScalarType.BFloat16);
        assertThat(CudaElementwise.aligned(x)).isTrue();
        return x;
    }
}
