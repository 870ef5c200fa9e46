package io.github.lift4j.engine.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.github.lift4j.engine.LiftException;
import org.assertj.core.data.Percentage;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptions;
import org.bytedeco.pytorch.global.torch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

class PeakMemoryTest {

    private static final long BYTES = 256L << 20;

    @Test
    @EnabledOnOs(OS.LINUX)
    void knowsWhatWasInUseAndIsNoMore() {
        ComputeDevice cpu = ComputeDevice.parse("cpu");
        long before = PeakMemory.since(cpu).bytes().orElseThrow();
        PeakMemory during = PeakMemory.since(cpu);
        try (Tensor tensor = torch.ones(BYTES / 4)) {
            assertThat(tensor.numel()).isEqualTo(BYTES / 4);
        }
        assertThat(during.bytes().orElseThrow() - before).isCloseTo(BYTES, within(BYTES / 8));
        assertThat(PeakMemory.since(cpu).bytes().orElseThrow()).isCloseTo(before, Percentage.withPercentage(20));
    }

    /** Also of what libtorch has given back to the GPU since. */
    @Test
    void knowsWhatAGpuHadInUse() {
        ComputeDevice gpu = ComputeDevice.parse("auto");
        assumeTrue(gpu instanceof ComputeDevice.Cuda, "no GPU");
        fill(gpu, 1); // The first work brings the GPU's own context and kernels.
        long before = PeakMemory.since(gpu).bytes().orElseThrow();
        PeakMemory during = PeakMemory.since(gpu);
        fill(gpu, BYTES / 4);
        PeakMemory.giveBack(gpu);
        assertThat(during.bytes().orElseThrow() - before).isCloseTo(BYTES, within(BYTES / 8));
        assertThat(PeakMemory.since(gpu).bytes().orElseThrow()).isCloseTo(before, within(BYTES / 8));
    }

    private static void fill(ComputeDevice gpu, long numbers) {
        try (PointerScope scope = new PointerScope()) {
            Tensor ones = torch.ones(new long[] {numbers}, new TensorOptions(gpu.handle()));
            assertThat(ones.numel()).isEqualTo(numbers);
        }
    }

    @Test
    void tellsWantOfMemoryFromOtherFailures() {
        Natives.load();
        assertThatThrownBy(() -> torch.empty(1L << 60))
                .satisfies(failure -> assertThat(PeakMemory.ranOut(failure)).isTrue());
        assertThat(PeakMemory.ranOut(new IllegalStateException(new OutOfMemoryError())))
                .isTrue();
        assertThat(PeakMemory.ranOut(new RuntimeException("CUDA out of memory. Tried to allocate 2.00 GiB.")))
                .isTrue();
        assertThat(PeakMemory.ranOut(new IllegalStateException("shape mismatch")))
                .isFalse();
        assertThat(PeakMemory.ranOut(new LiftException("The prompt is out of memory's window.")))
                .isFalse();
    }
}
