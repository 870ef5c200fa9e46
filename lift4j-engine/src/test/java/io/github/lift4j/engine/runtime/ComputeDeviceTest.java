package io.github.lift4j.engine.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.github.lift4j.engine.LiftException;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ComputeDeviceTest {

    @Test
    void readsTheProcessor() {
        assertThat(ComputeDevice.parse("cpu")).isEqualTo(new ComputeDevice.Cpu());
    }

    @ParameterizedTest
    @ValueSource(strings = {"gpu", "cuda:", "cuda:x", "cuda:0/", "cuda:0/all", "cuda/0/1"})
    void refusesWhatIsNoDevice(String text) {
        assertThatExceptionOfType(LiftException.class)
                .isThrownBy(() -> ComputeDevice.parse(text))
                .withMessageContaining("'" + text + "' is no device");
    }

    @ParameterizedTest
    @ValueSource(strings = {"cuda:999", "cuda:999/24", "cuda:999/1000"})
    void saysThatAGpuIsNotThere(String text) {
        assertThatExceptionOfType(LiftException.class)
                .isThrownBy(() -> ComputeDevice.parse(text))
                .withMessageContaining("The device " + text + " was asked for");
    }

    @Test
    void aGpuIsNamedInLibtorchWithoutItsRoom() {
        assertThat(new ComputeDevice.Cuda(1, OptionalLong.of(24)).toString()).isEqualTo("cuda:1");
    }
}
