package io.github.lift4j.engine.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ComputeTypeTest {

    @ParameterizedTest
    @CsvSource({
        "flags\t\t: fpu avx512f avx512_bf16 gfni, true",
        "flags\t\t: fpu amx_bf16 amx_tile, true",
        "Features\t: fp asimd i8mm bf16 dgh, true",
        "flags\t\t: fpu avx512f avx512_vnni, false",
        "flags\t\t: fpu no_bf16x, false",
    })
    void theProcessorSaysWhetherItMultipliesBfloat16(String line, boolean expected, @TempDir Path folder)
            throws IOException {
        Path file = Files.writeString(folder.resolve("cpuinfo"), "processor\t: 0\n" + line + "\n");
        assertThat(ComputeType.hasBfloat16(file)).isEqualTo(expected);
        assertThat(ComputeType.hasBfloat16(folder.resolve("none"))).isFalse();
    }
}
