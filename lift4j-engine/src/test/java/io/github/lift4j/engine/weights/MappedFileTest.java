package io.github.lift4j.engine.weights;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.lift4j.engine.LiftException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MappedFileTest {

    private static final int SIZE = 1 << 20;

    @TempDir
    Path folder;

    /**
     * Often enough that the copy is compiled, in sizes that are copied in different ways: only then does the JVM report
     * the fault late, beyond a catch that is in the right place for interpreted code. (Windows does not let a mapped
     * file be cut.)
     */
    @ParameterizedTest
    @ValueSource(ints = {16, 128, 4096, 16_384})
    @DisabledOnOs(OS.WINDOWS)
    void aFileThatIsCutWhileItIsReadIsRefusedHoweverOftenItIsTried(int count) throws IOException {
        Path path = Files.write(folder.resolve("cut"), new byte[SIZE]);
        try (MappedFile file = MappedFile.open(path);
                FileChannel channel = FileChannel.open(path, StandardOpenOption.WRITE)) {
            channel.truncate(0);
            byte[] target = new byte[count];
            int refused = 0;
            for (int i = 0; i < 30_000; i++) {
                refused += isRefused(file, target) ? 1 : 0;
            }
            assertThat(refused).isEqualTo(30_000);
        }
    }

    private static boolean isRefused(MappedFile file, byte[] target) {
        try {
            file.copyTo(SIZE / 2, target, target.length);
            return false;
        } catch (LiftException e) {
            return true;
        }
    }
}
