package io.github.lift4j.server.work;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.lift4j.document.Document;
import io.github.lift4j.engine.LiftException;
import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CancellationException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** Documents are read in a process of their own, which leaves nothing. */
class DocumentProcessTest {

    @TempDir
    private Path folder;

    private Path temporary() throws IOException {
        return Files.createDirectories(folder.resolve("tmp"));
    }

    @Test
    void aDocumentComesOutAsIfItHadBeenReadHere() throws IOException {
        Path file = Files.writeString(folder.resolve("storm.md"), "# The Storm\r\n\r\nDüster – “no boat”.");
        try (Document here = Document.open(file);
                Document there = new DocumentProcess(temporary(), Duration.ofMinutes(1)).read(file)) {
            assertThat(there.title()).isEqualTo(here.title()).isEqualTo("The Storm");
            assertThat(there.source()).isEqualTo(here.source());
            assertThat(there.sha256()).isEqualTo(here.sha256());
            try (Reader text = there.open()) {
                assertThat(text.readAllAsString()).isEqualTo("# The Storm\n\nDüster – “no boat”.");
            }
        }
        assertNothingIsLeft();
    }

    @Test
    void whatCannotBeReadIsSaidInTheReadersWords() throws IOException {
        Path file = Files.writeString(folder.resolve("a.txt"), "text\u0000with\u0000zeros");
        DocumentProcess reader = new DocumentProcess(temporary(), Duration.ofMinutes(1));
        assertThatThrownBy(() -> reader.read(file))
                .isInstanceOf(LiftException.class)
                .hasMessageContaining("\"a.txt\" is a binary file");
        assertNothingIsLeft();
    }

    @Test
    void aWordOrAGapWithoutEndIsRefused() throws IOException {
        for (String text : new String[] {"a".repeat(1_100_000), "a" + " ".repeat(1_100_000) + "b"}) {
            Path file = Files.writeString(folder.resolve("endless.txt"), text);
            DocumentProcess reader = new DocumentProcess(temporary(), Duration.ofMinutes(1));
            assertThatThrownBy(() -> reader.read(file))
                    .isInstanceOf(LiftException.class)
                    .hasMessageContaining("a word or a gap");
        }
        assertNothingIsLeft();
    }

    @Test
    @DisabledOnOs(OS.WINDOWS)
    void whatTakesTooLongIsStopped() throws Exception {
        Path endless = pipe();
        DocumentProcess reader = new DocumentProcess(temporary(), Duration.ofSeconds(2));
        assertThatThrownBy(() -> reader.read(endless))
                .isInstanceOf(LiftException.class)
                .hasMessageContaining("more than 2 s");
        assertNothingIsLeft();
    }

    @Test
    @DisabledOnOs(OS.WINDOWS)
    void whoStopsTheJobStopsTheReading() throws Exception {
        Path endless = pipe();
        DocumentProcess reader = new DocumentProcess(temporary(), Duration.ofMinutes(5));
        FutureTask<Boolean> reading = new FutureTask<>(() -> {
            assertThatThrownBy(() -> reader.read(endless)).isInstanceOf(CancellationException.class);
            return Thread.interrupted();
        });
        Thread thread = Thread.ofPlatform().start(reading);
        awaitBegun();
        thread.interrupt();
        assertThat(reading.get(30, TimeUnit.SECONDS)).isTrue();
        assertNothingIsLeft();
    }

    @Test
    @DisabledOnOs(OS.WINDOWS)
    void theReadingEndsWithItsParent() throws Exception {
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        DocumentReading.class.getName(),
                        pipe().toString(),
                        Files.createDirectories(temporary().resolve("reading")).toString())
                .start();
        awaitBegun();
        // As the system does when the parent was killed.
        process.getOutputStream().close();
        assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).isEqualTo(1);
    }

    /** A file that nobody ever writes to. */
    private Path pipe() throws Exception {
        Path pipe = folder.resolve("pipe.txt");
        assertThat(new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor())
                .isZero();
        return pipe;
    }

    private void awaitBegun() throws IOException, InterruptedException {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
        while (true) {
            try (Stream<Path> tree = Files.walk(temporary())) {
                if (tree.anyMatch(path -> path.endsWith(DocumentReading.BEGUN))) {
                    return;
                }
            }
            assertThat(System.nanoTime()).isLessThan(end);
            Thread.sleep(20);
        }
    }

    private void assertNothingIsLeft() throws IOException {
        try (Stream<Path> left = Files.list(temporary())) {
            assertThat(left).isEmpty();
        }
        assertThat(ProcessHandle.current().children().filter(ProcessHandle::isAlive))
                .isEmpty();
    }
}
