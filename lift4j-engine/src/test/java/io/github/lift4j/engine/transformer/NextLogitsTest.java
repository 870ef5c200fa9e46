package io.github.lift4j.engine.transformer;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.lift4j.engine.runtime.ComputeDevice;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.AutoGradMode;
import org.bytedeco.pytorch.GeneratorOptional;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptions;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.junit.jupiter.api.Test;

class NextLogitsTest {

    private static final ComputeDevice DEVICE = ComputeDevice.parse("auto");

    /** Of logits up to 60 or so, of which bfloat16 tells only quarters apart. */
    @Test
    void theLikeliestAreThoseOfFloat32() {
        try (PointerScope scope = new PointerScope();
                AutoGradMode off = new AutoGradMode(false)) {
            Tensor hidden = random(5, 64);
            Tensor head = random(3000, 64);
            Tensor exact = torch.linear(hidden.to(ScalarType.Float), head.to(ScalarType.Float));
            Tensor found = NextLogits.of(hidden, head);
            assertThat(found.scalar_type().intern()).isEqualTo(ScalarType.Float);
            Tensor likeliest = torch.topk(exact, 10).get1();
            assertThat(torch.equal(torch.topk(found, 10).get1(), likeliest)).isTrue();
            Tensor apart = found.gather(1, likeliest).sub(exact.gather(1, likeliest));
            assertThat(apart.abs().max().item_double()).isLessThan(1e-3);
            assertThat(found.sub(exact).abs().max().item_double()).isLessThan(0.5);
        }
    }

    private static Tensor random(long... shape) {
        return torch.zeros(shape, new TensorOptions(DEVICE.handle()))
                .normal_(0, 1, new GeneratorOptional())
                .mul_(new Scalar(1.5))
                .to(ScalarType.BFloat16);
    }
}
