package io.github.lift4j.engine.transformer;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.lift4j.engine.runtime.Natives;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.junit.jupiter.api.Test;

/** Which numbers the kernels take, which needs no GPU. */
class CudaElementwiseTest {

    @Test
    void takesBfloat16InEightsAndNothingElse() {
        Natives.load();
        try (PointerScope scope = new PointerScope()) {
            Tensor wide = torch.zeros(3, 5, 64);
            Tensor narrow = wide.to(ScalarType.BFloat16);
            assertThat(CudaElementwise.aligned(narrow)).isTrue();
            assertThat(CudaElementwise.aligned(narrow.narrow(2, 8, 16))).isTrue();
            assertThat(CudaElementwise.aligned(narrow.narrow(2, 1, 16))).isFalse();
            assertThat(CudaElementwise.aligned(narrow.transpose(1, 2))).isFalse();
            assertThat(CudaElementwise.aligned(wide)).isFalse();
        }
    }
}
