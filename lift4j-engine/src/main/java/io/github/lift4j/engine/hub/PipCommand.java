package io.github.lift4j.engine.hub;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.Charset;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * One way to call Python's package installer. Which index it asks is its own affair, as set up on this machine.
 *
 * @param name how a person would type it
 * @param command the program's path, if it was found, and its first arguments
 */
record PipCommand(String name, Optional<List<String>> command) {

    private static final List<String> NAMES = List.of("python3 -m pip", "pip3", "pip", "python -m pip");
    private static final Duration LIMIT = Duration.ofMinutes(15);
    private static final long POLL_MILLIS = 200;

    /** Hears how many bytes have come. */
    @FunctionalInterface
    interface Watcher {
        void received(long bytes);
    }

    /** All ways, in the order to try them. */
    static List<PipCommand> candidates(List<Path> commandPath) {
        return NAMES.stream().map(name -> find(name, commandPath)).toList();
    }

    private static PipCommand find(String name, List<Path> commandPath) {
        List<String> words = List.of(name.split(" "));
        Optional<Path> program = commandPath.stream()
                .flatMap(folder ->
                        Stream.of(folder.resolve(words.getFirst()), folder.resolve(words.getFirst() + ".exe")))
                .filter(file -> Files.isRegularFile(file) && Files.isExecutable(file))
                .findFirst();
        return new PipCommand(
                name,
                program.map(path -> Stream.concat(
                                Stream.of(path.toString()), words.stream().skip(1))
                        .toList()));
    }

    /**
     * Downloads a package's wheel into a folder.
     *
     * @param work where temporary files and the output go
     * @return why it failed; empty if it did not
     */
    Optional<String> download(String requirement, Path target, Path work, Watcher watcher) throws InterruptedException {
        if (command.isEmpty()) {
            return Optional.of("not found");
        }
        List<String> line = new ArrayList<>(command.get());
        line.addAll(List.of("download", "--no-deps", "--only-binary", ":all:", "--no-input"));
        line.addAll(List.of("--disable-pip-version-check", "--progress-bar", "off", "--dest", target.toString()));
        line.add(requirement);
        Path output = work.resolve("output.txt");
        ProcessBuilder builder =
                new ProcessBuilder(line).directory(work.toFile()).redirectErrorStream(true);
        builder.redirectOutput(output.toFile()).redirectInput(ProcessBuilder.Redirect.PIPE);
        // pip's temporary files in our folder: a kill leaves nothing elsewhere, and their growth shows the progress.
        builder.environment()
                .putAll(Map.of("TMPDIR", work.toString(), "TEMP", work.toString(), "TMP", work.toString()));
        try {
            Process process = builder.start();
            process.getOutputStream().close();
            return await(process, work, watcher) ? outcome(process, output) : Optional.of("it took too long");
        } catch (IOException e) {
            return Optional.of("it could not be started (%s)".formatted(e.getMessage()));
        }
    }

    /** Whether the process came to an end in time; however this returns, it does not run on. */
    private static boolean await(Process process, Path work, Watcher watcher) throws InterruptedException {
        long deadline = System.nanoTime() + LIMIT.toNanos();
        try {
            while (!process.waitFor(POLL_MILLIS, TimeUnit.MILLISECONDS)) {
                if (System.nanoTime() > deadline) {
                    return false;
                }
                watcher.received(bytesUnder(work));
            }
            return true;
        } finally {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly();
        }
    }

    private static long bytesUnder(Path folder) {
        try (Stream<Path> files = Files.walk(folder)) {
            return files.filter(Files::isRegularFile)
                    .mapToLong(file -> file.toFile().length())
                    .sum();
        } catch (IOException | UncheckedIOException e) {
            return 0; // Files come and go under the walk; the next look will do.
        }
    }

    private static Optional<String> outcome(Process process, Path output) throws IOException {
        if (process.exitValue() == 0) {
            return Optional.empty();
        }
        List<String> lines = new String(Files.readAllBytes(output), Charset.defaultCharset())
                .lines()
                .map(String::strip)
                .filter(text -> !text.isEmpty())
                .toList();
        List<String> errors =
                lines.stream().filter(text -> text.startsWith("ERROR")).toList();
        String last = !errors.isEmpty() ? errors.getLast() : lines.isEmpty() ? "it said nothing" : lines.getLast();
        return Optional.of(last + ", exit status " + process.exitValue());
    }
}
