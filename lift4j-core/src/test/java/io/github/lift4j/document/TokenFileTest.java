package io.github.lift4j.document;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.lift4j.engine.LiftException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TokenFileTest {

    @TempDir
    Path folder;

    @Test
    void givesBackWhatWasAppended() {
        int[] ids = IntStream.range(0, 100_000).map(i -> i * 7 % 49_152).toArray();
        try (TokenFile file = written(ids)) {
            assertThat(file.length()).isEqualTo(ids.length);
            assertThat(file.slice(0, ids.length)).isEqualTo(ids);
            assertThat(file.slice(16_383, 3)).containsExactly(ids[16_383], ids[16_384], ids[16_385]);
            assertThat(file.head(2)).containsExactly(0, 7);
            assertThat(file.tail(1)).containsExactly(ids[ids.length - 1]);
            assertThat(file.tail(200_000)).hasSize(ids.length);
        }
    }

    @Test
    void isPlainLittleEndianIntegers() throws IOException {
        written(1, 0x01020304).close();

        assertThat(Files.readAllBytes(folder.resolve("tokens"))).containsExactly(1, 0, 0, 0, 4, 3, 2, 1);
    }

    @Test
    void mayBeEmpty() {
        try (TokenFile file = written()) {
            assertThat(file.length()).isZero();
            assertThat(file.head(5)).isEmpty();
        }
    }

    @Test
    void refusesASliceOutsideTheDocument() {
        try (TokenFile file = written(1, 2, 3)) {
            assertThatThrownBy(() -> file.slice(2, 2)).isInstanceOf(IndexOutOfBoundsException.class);
            assertThatThrownBy(() -> file.slice(-1, 1)).isInstanceOf(IndexOutOfBoundsException.class);
        }
    }

    @Test
    void holdsTenMillionIdsOutsideTheHeap() {
        int total = 10_000_000;
        try (TokenFile.Writer writer = TokenFile.create(folder.resolve("tokens"))) {
            long before = usedHeap();
            for (int i = 0; i < total; i++) {
                writer.append(i);
            }
            try (TokenFile file = writer.finish()) {
                for (int start = 0; start < total; start += 1000) {
                    assertThat(file.slice(start, 512)[511]).isEqualTo(start + 511);
                }
                assertThat(usedHeap() - before).isLessThan(4L << 20);
            }
        }
    }

    @Test
    void appearsOnlyWhenFinished() throws IOException {
        try (TokenFile.Writer writer = TokenFile.create(folder.resolve("tokens"))) {
            writer.append(new int[] {1, 2, 3});
            assertThat(folder.resolve("tokens")).doesNotExist();
        }
        assertThat(folder).isEmptyDirectory();
    }

    @Test
    void replacesWhatAKilledProcessLeftBehind() throws IOException {
        Files.write(folder.resolve("tokens.partial"), new byte[99]);

        try (TokenFile file = written(5, 6)) {
            assertThat(file.slice(0, 2)).containsExactly(5, 6);
        }
    }

    @Test
    void keepsTheOldFileUntilTheNewOneIsFinished() {
        written(1).close();
        try (TokenFile.Writer writer = TokenFile.create(folder.resolve("tokens"))) {
            writer.append(2);
            try (TokenFile old = TokenFile.open(folder.resolve("tokens"))) {
                assertThat(old.head(1)).containsExactly(1);
            }
        }
        try (TokenFile old = TokenFile.open(folder.resolve("tokens"))) {
            assertThat(old.head(1)).containsExactly(1);
        }
    }

    @Test
    void saysThatItWasCutOff() throws IOException {
        written(1, 2, 3).close();
        Path file = folder.resolve("tokens");
        Files.write(file, new byte[8]);
        assertThatThrownBy(() -> TokenFile.open(file, 3))
                .isInstanceOf(LiftException.class)
                .hasMessageContaining("2 tokens instead of 3");
        Files.write(file, new byte[7]);
        assertThatThrownBy(() -> TokenFile.open(file))
                .isInstanceOf(LiftException.class)
                .hasMessageContaining("7 bytes");
    }

    @Test
    void saysThatItsIdsAreNone() throws IOException {
        Path file = folder.resolve("tokens");
        Files.write(file, new byte[] {1, 0, 0, 0, -1, -1, -1, -1});
        try (TokenFile damaged = TokenFile.open(file)) {
            assertThatThrownBy(() -> damaged.slice(0, 2))
                    .isInstanceOf(LiftException.class)
                    .hasMessageContaining("token 1 is -1");
        }
    }

    @Test
    void saysThatTheFileOrItsFolderIsMissing() {
        assertThatThrownBy(() -> TokenFile.open(folder.resolve("none")))
                .isInstanceOf(LiftException.class)
                .hasMessageContaining("the file is gone");
        assertThatThrownBy(() -> TokenFile.create(folder.resolve("none/tokens")))
                .isInstanceOf(LiftException.class)
                .hasMessageContaining("cannot be written");
    }

    @Test
    void takesNoNegativeId() {
        try (TokenFile.Writer writer = TokenFile.create(folder.resolve("tokens"))) {
            assertThatThrownBy(() -> writer.append(-1)).isInstanceOf(IllegalArgumentException.class);
        }
    }

    private TokenFile written(int... ids) {
        try (TokenFile.Writer writer = TokenFile.create(folder.resolve("tokens"))) {
            writer.append(ids);
            return writer.finish();
        }
    }

    private static long usedHeap() {
        System.gc();
        return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
    }
}
