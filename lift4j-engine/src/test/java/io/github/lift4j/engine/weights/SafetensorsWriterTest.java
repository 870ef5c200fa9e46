package io.github.lift4j.engine.weights;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.github.lift4j.engine.LiftException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SafetensorsWriterTest {

    @TempDir
    Path folder;

    @Test
    void whatIsWrittenIsReadBack() {
        Path copy = folder.resolve("copy.safetensors");
        try (PointerScope scope = new PointerScope();
                Safetensors original = Safetensors.open(Tiny.path("qwen2"))) {
            SafetensorsWriter writer = new SafetensorsWriter().metadata("made_by", "a \"test\"");
            original.names().forEach(name -> writer.add(name, original.read(name)));
            writer.write(copy);
            try (Safetensors read = Safetensors.open(copy)) {
                assertThat(read.names()).containsExactlyInAnyOrderElementsOf(original.names());
                assertThat(read.metadata()).containsEntry("format", "pt").containsEntry("made_by", "a \"test\"");
                for (String name : original.names()) {
                    assertThat(read.shape(name)).isEqualTo(original.shape(name));
                    assertThat(Tiny.floats(read.read(name))).isEqualTo(Tiny.floats(original.read(name)));
                }
            }
        }
    }

    @Test
    void convertsTransposedAndNarrowTensorsAsTheyAreFetched() {
        Path file = folder.resolve("made.safetensors");
        try (PointerScope scope = new PointerScope()) {
            Tensor matrix = torch.arange(new Scalar(6)).view(2, 3);
            new SafetensorsWriter()
                    .add(
                            "odd",
                            ScalarType.BFloat16,
                            new long[] {3, 1},
                            () -> matrix.t().narrow(1, 1, 1))
                    .add("wide", ScalarType.Float, new long[] {3, 2}, matrix::t)
                    .add("scalar", ScalarType.Half, new long[0], () -> matrix.sum())
                    .write(file);
            try (Safetensors read = Safetensors.open(file)) {
                assertThat(read.type("odd")).isEqualTo(DType.BF16);
                assertThat(Tiny.floats(read.read("odd"))).containsExactly(3, 4, 5);
                assertThat(Tiny.floats(read.read("wide"))).containsExactly(0, 3, 1, 4, 2, 5);
                assertThat(Tiny.floats(read.read("scalar"))).containsExactly(15);
            }
            assertThat(Tiny.floats(matrix)).containsExactly(0, 1, 2, 3, 4, 5);
        }
    }

    @Test
    void releasesEachTensorBeforeItFetchesTheNext() {
        List<Tensor> fetched = new ArrayList<>();
        SafetensorsWriter writer = new SafetensorsWriter();
        for (int i = 0; i < 3; i++) {
            writer.add("t" + i, ScalarType.Float, new long[] {4}, () -> {
                assertThat(fetched).allMatch(closed -> closed.isNull());
                Tensor tensor = torch.ones(4);
                fetched.add(tensor);
                return tensor;
            });
        }
        writer.write(folder.resolve("three.safetensors"));
        assertThat(fetched).hasSize(3).allMatch(closed -> closed.isNull());
    }

    @Test
    void aFailureLeavesTheOldFileAndNothingElse() throws IOException {
        Path file = Files.writeString(folder.resolve("old.safetensors"), "old");
        SafetensorsWriter wrongShape =
                new SafetensorsWriter().add("t", ScalarType.Float, new long[] {5}, () -> torch.ones(4));
        assertThatThrownBy(() -> wrongShape.write(file)).isInstanceOf(IllegalArgumentException.class);
        assertThat(file).hasContent("old");
        try (Stream<Path> files = Files.list(folder)) {
            assertThat(files).containsExactly(file);
        }
    }

    @Test
    void anInterruptedWriteLeavesTheOldFileAndNothingElse() throws IOException {
        Path file = Files.writeString(folder.resolve("old.safetensors"), "old");
        SafetensorsWriter writer = new SafetensorsWriter().add("t", ScalarType.Float, new long[] {4}, () -> {
            Thread.currentThread().interrupt();
            return torch.ones(4);
        });
        assertThatThrownBy(() -> writer.write(file))
                .isInstanceOf(LiftException.class)
                .hasMessageContaining("interrupted");
        assertThat(Thread.interrupted()).isTrue();
        assertThat(file).hasContent("old");
        try (Stream<Path> files = Files.list(folder)) {
            assertThat(files).containsExactly(file);
        }
    }

    @Test
    void aFolderThatIsNotThereIsNamed() {
        Path file = folder.resolve("absent/model.safetensors");
        assertThatThrownBy(() -> new SafetensorsWriter().write(file))
                .isInstanceOf(LiftException.class)
                .hasMessageContaining(file.toString());
    }

    @Test
    void aNameIsTakenOnce() {
        try (Tensor tensor = torch.ones(1)) {
            SafetensorsWriter writer = new SafetensorsWriter().add("t", tensor);
            assertThatThrownBy(() -> writer.add("t", tensor)).isInstanceOf(IllegalArgumentException.class);
        }
    }

    /** {@code -Dlift4j.python=...} names a Python that has safetensors and torch. */
    @Test
    void pythonReadsIt() throws IOException, InterruptedException {
        String python = System.getProperty("lift4j.python");
        assumeThat(python).as("a Python with safetensors and torch").isNotNull();
        Path file = folder.resolve("for-python.safetensors");
        try (PointerScope scope = new PointerScope()) {
            new SafetensorsWriter()
                    .add("a", ScalarType.BFloat16, new long[] {3}, () -> torch.ones(3))
                    .add("b", ScalarType.Float, new long[] {2, 2}, () -> torch.ones(2, 2))
                    .write(file);
        }
        String script = "import sys; from safetensors.torch import load_file; t = load_file(sys.argv[1]);"
                + "print(t['a'].dtype, t['a'].sum().item(), tuple(t['b'].shape), t['b'].sum().item())";
        Process process = new ProcessBuilder(python, "-c", script, file.toString())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        assertThat(new String(process.getInputStream().readAllBytes()).strip())
                .isEqualTo("torch.bfloat16 3.0 (2, 2) 4.0");
        assertThat(process.waitFor(1, TimeUnit.MINUTES)).isTrue();
    }
}
