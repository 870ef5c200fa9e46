package io.github.lift4j.server.work;

import io.github.lift4j.document.Document;
import io.github.lift4j.engine.LiftException;
import io.github.lift4j.server.store.DataFolder;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CancellationException;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * Reads strangers' documents, each in a process of its own: one that was made to exhaust its reader exhausts that process,
 * whose memory, time and disk space have limits, and nothing else.
 *
 * @param temporary where everything lies that is made meanwhile
 * @param longest time for one
 */
record DocumentProcess(Path temporary, Duration longest) {

    private static final Set<String> ENVIRONMENT =
            Set.of("LANG", "LC_ALL", "LC_CTYPE", "LD_LIBRARY_PATH", "PATH", "SystemRoot");

    private static final String HEAP = "-Xmx1g";
    private static final long MOST_BYTES = 4L << 30;
    private static final long LOOK_MILLIS = 100;

    /**
     * The document of a file, whose text lies in a folder that goes when it is closed.
     *
     * @throws LiftException where it cannot be read, or not within the limits
     * @throws CancellationException where the thread was interrupted
     */
    Document read(Path file) {
        String name = file.getFileName().toString();
        Path folder = temporary.resolve("reading-" + UUID.randomUUID());
        try {
            Files.createDirectory(folder);
            int code = run(file, name, folder);
            if (Files.exists(folder.resolve(DocumentReading.REFUSED))) {
                throw new LiftException(Files.readString(folder.resolve(DocumentReading.REFUSED)));
            }
            if (!Files.exists(folder.resolve(DocumentReading.BEGUN))) {
                throw new IllegalStateException("the process that reads documents ended with " + code
                        + " before it began: is the class path that of a program started with java -cp?");
            }
            if (code != 0) {
                throw exhausting(name, "more memory than a document may");
            }
            String title = Files.readString(folder.resolve(DocumentReading.TITLE));
            return Document.extracted(
                    title, name, folder.resolve(DocumentReading.TEXT), () -> DataFolder.delete(folder));
        } catch (IOException e) {
            DataFolder.delete(folder);
            throw new UncheckedIOException("a document could not be read in " + folder, e);
        } catch (RuntimeException e) {
            DataFolder.delete(folder);
            throw e;
        }
    }

    private int run(Path file, String name, Path folder) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(command(file, folder))
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .redirectError(ProcessBuilder.Redirect.DISCARD);
        // The service's environment may hold secrets.
        builder.environment().keySet().retainAll(ENVIRONMENT);
        Process process = builder.start();
        try {
            long end = System.nanoTime() + longest.toNanos();
            while (!process.waitFor(LOOK_MILLIS, TimeUnit.MILLISECONDS)) {
                if (System.nanoTime() > end) {
                    throw exhausting(name, "more than " + longest.toSeconds() + " s");
                }
                if (bytes(folder) > MOST_BYTES) {
                    throw exhausting(name, "more than " + MOST_BYTES + " bytes of disk");
                }
            }
            return process.exitValue();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CancellationException("Reading \"" + name + "\" was interrupted.");
        } finally {
            end(process);
        }
    }

    private List<String> command(Path file, Path folder) {
        return List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                HEAP,
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-XX:+ExitOnOutOfMemoryError",
                "-Djava.awt.headless=true",
                // Whatever the parsers put aside: gone with the folder. What they know of fonts serves the next one.
                "-Djava.io.tmpdir=" + folder.toAbsolutePath(),
                "-Dpdfbox.fontcache=" + temporary.toAbsolutePath(),
                "-cp",
                System.getProperty("java.class.path"),
                DocumentReading.class.getName(),
                file.toAbsolutePath().toString(),
                folder.toAbsolutePath().toString());
    }

    /** What is deleted next must not be written to any more. */
    private static void end(Process process) {
        process.destroyForcibly();
        boolean interrupted = Thread.interrupted();
        while (process.isAlive()) {
            try {
                process.waitFor();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private static long bytes(Path folder) {
        try (Stream<Path> files = Files.walk(folder)) {
            return files.map(Path::toFile).mapToLong(File::length).sum();
        } catch (IOException | UncheckedIOException gone) {
            // A file that was there when the folder was listed: the next look sees what is left.
            return 0;
        }
    }

    private static LiftException exhausting(String name, String what) {
        return new LiftException("Reading \"" + name + "\" takes " + what
                + ", and it was stopped: convert it to plain text, or split it, and upload that.");
    }
}
