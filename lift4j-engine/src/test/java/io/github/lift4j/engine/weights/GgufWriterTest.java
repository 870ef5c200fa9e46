package io.github.lift4j.engine.weights;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class GgufWriterTest {

    @TempDir
    Path folder;

    @Test
    void metadataIsReadAsItWasWritten() {
        Path file = folder.resolve("m.gguf");
        new GgufWriter()
                .put("text", "naïve")
                .put("number", 7)
                .put("real", 1e-5f)
                .put("flag", true)
                .put("texts", List.of("a", ""))
                .put("numbers", new int[] {-1, 2})
                .put("reals", new float[] {0.5f})
                .put("number", 8)
                .write(file);
        try (Gguf gguf = Gguf.open(file)) {
            GgufMetadata metadata = gguf.metadata();
            assertThat(metadata.string("text")).contains("naïve");
            assertThat(metadata.integer("number")).hasValue(8);
            assertThat(metadata.number("real")).hasValue(1e-5);
            assertThat(metadata.bool("flag")).contains(true);
            assertThat(metadata.strings("texts")).contains(List.of("a", ""));
            assertThat(metadata.integers("numbers").orElseThrow()).containsExactly(-1, 2);
            assertThat(metadata.numbers("reals").orElseThrow()).containsExactly(0.5);
        }
        assertThatThrownBy(() -> new GgufWriter().put("time", 1L)).isInstanceOf(IllegalArgumentException.class);
    }

    /** The files are the gguf package's own. */
    @ParameterizedTest
    @ValueSource(strings = {"F32", "F16", "BF16"})
    void aCopyHoldsWhatTheOriginalDoes(String type) {
        Path file = folder.resolve("copy.gguf");
        try (Gguf original = Gguf.open(Tiny.path("gguf/" + type + ".gguf"))) {
            GgufWriter writer = new GgufWriter();
            original.metadata().keys().forEach(key -> writer.copy(key, original));
            for (String name : original.names()) {
                writer.add(
                        name,
                        GgmlType.valueOf(original.type(name)),
                        original.shape(name),
                        () -> original.read(name, ScalarType.Float));
            }
            writer.write(file);
            try (Gguf copy = Gguf.open(file)) {
                assertThat(copy.metadata().keys()).isEqualTo(original.metadata().keys());
                assertThat(copy.names()).isEqualTo(original.names());
                for (String name : original.names()) {
                    assertThat(copy.type(name)).isEqualTo(original.type(name));
                    assertThat(copy.shape(name)).isEqualTo(original.shape(name));
                    assertThat(Tiny.floats(copy.read(name, ScalarType.Float)))
                            .isEqualTo(Tiny.floats(original.read(name, ScalarType.Float)));
                }
            }
        }
    }

    @Test
    void aBlockOfEightBitsIsWithinHalfAStep() {
        float[] values = new float[64];
        SplittableRandom random = new SplittableRandom(3);
        for (int i = 0; i < 32; i++) { // the second block stays zero
            values[i] = random.nextFloat(-3, 3);
        }
        Path file = folder.resolve("q.gguf");
        new GgufWriter()
                .add(
                        "q",
                        GgmlType.Q8_0,
                        new long[] {2, 32},
                        () -> torch.tensor(values).view(2, 32))
                .write(file);
        try (Gguf gguf = Gguf.open(file)) {
            assertThat(gguf.type("q")).isEqualTo("Q8_0");
            float[] read = Tiny.floats(gguf.read("q", ScalarType.Float));
            for (int i = 0; i < values.length; i++) {
                assertThat(read[i]).isCloseTo(values[i], within(3 / 127f * 0.51f));
            }
        }
    }

    @Test
    void whatCannotBeStoredIsRefusedAndAFailureLeavesNothing() throws IOException {
        GgufWriter writer = new GgufWriter();
        assertThatThrownBy(() -> writer.add("a", GgmlType.Q4_K, new long[] {1, 256}, () -> null))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> writer.add("a", GgmlType.Q8_0, new long[] {2, 48}, () -> null))
                .isInstanceOf(IllegalArgumentException.class);
        writer.add("a", GgmlType.F32, new long[] {4}, () -> {
            throw new IllegalStateException("unreadable");
        });
        assertThatThrownBy(() -> writer.write(folder.resolve("a.gguf"))).hasMessage("unreadable");
        try (Stream<Path> left = Files.list(folder)) {
            assertThat(left).isEmpty();
        }
    }
}
