package io.github.lift4j.engine.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.bytedeco.javacpp.Pointer;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/**
 * Each start is a JVM of its own, as a library is loaded once per process and a kill takes the whole of it. The tests
 * share one cache, in order, as unpacking half a gigabyte for each would take longer than all other tests.
 */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class NativesTest {

    private static final String WORKS = "4.0 maxPhysicalBytes=0 ";

    @TempDir
    static Path cache;

    /** What a child JVM does: load, compute, tell. */
    static final class Child {
        public static void main(String[] arguments) throws Throwable {
            Natives.load();
            Natives.load();
            try (Tensor ones = torch.ones(2, 2);
                    Tensor sum = ones.sum()) {
                System.out.printf(
                        "%s maxPhysicalBytes=%d OMP_WAIT_POLICY=%s LRU_CACHE_CAPACITY=%s%n",
                        sum.item_double(),
                        Pointer.maxPhysicalBytes(),
                        cEnvironment("OMP_WAIT_POLICY"),
                        cEnvironment("LRU_CACHE_CAPACITY"));
            }
        }

        @SuppressWarnings("restricted")
        private static String cEnvironment(String name) throws Throwable {
            Linker linker = Linker.nativeLinker();
            try (Arena arena = Arena.ofConfined()) {
                MemorySegment value = (MemorySegment) linker.downcallHandle(
                                linker.defaultLookup().findOrThrow("getenv"),
                                FunctionDescriptor.of(ValueLayout.ADDRESS, ValueLayout.ADDRESS))
                        .invokeExact(arena.allocateFrom(name));
                return value.address() == 0
                        ? "unset"
                        : value.reinterpret(Integer.MAX_VALUE).getString(0);
            }
        }
    }

    @Test
    @Order(1)
    void aKillDuringUnpackingBreaksNoLaterStart() throws Exception {
        // Killed with the first library on its way, in the middle of the largest, and with the largest just done.
        for (long bytes : new long[] {1, 150_000_000, 330_000_000}) {
            Process child = start(child());
            waitFor(() -> unpackedBytes() >= bytes, child);
            child.destroyForcibly().waitFor();
            assertThat(child.exitValue()).isNotZero();
        }
        Process one = start(child());
        Process other = start(child());
        assertThat(outcome(one)).startsWith("0: " + WORKS);
        assertThat(outcome(other)).startsWith("0: " + WORKS);
        assertThat(filesNamed(".unpacking")).isEmpty();
    }

    @Test
    @Order(2)
    void aLaterStartWritesNothing() throws Exception {
        Map<Path, Object> before = libraries();
        assertThat(before).hasSizeGreaterThan(8);

        assertThat(outcome(start(child()))).startsWith("0: " + WORKS);

        assertThat(libraries()).isEqualTo(before);
    }

    @Test
    @Order(3)
    void librariesThatSomeoneElseLeftTruncatedAreReplaced() throws Exception {
        for (Path library : libraries().keySet()) {
            try (RandomAccessFile file = new RandomAccessFile(library.toFile(), "rw")) {
                file.setLength(file.length() / 2);
            }
        }
        assertThat(outcome(start(child()))).startsWith("0: " + WORKS);
    }

    @Test
    @Order(4)
    @EnabledOnOs({OS.LINUX, OS.MAC})
    void idleOpenMpWorkersSleepUnlessTheCallerSaysOtherwise() throws Exception {
        ProcessBuilder silent = child();
        silent.environment().remove("OMP_WAIT_POLICY");
        assertThat(outcome(start(silent))).contains("OMP_WAIT_POLICY=PASSIVE");

        ProcessBuilder decided = child();
        decided.environment().put("OMP_WAIT_POLICY", "ACTIVE");
        assertThat(outcome(start(decided))).contains("OMP_WAIT_POLICY=ACTIVE");
    }

    @Test
    @Order(4)
    @EnabledOnOs({OS.LINUX, OS.MAC})
    void fewShapesAreKeptReadyUnlessTheCallerSaysOtherwise() throws Exception {
        ProcessBuilder silent = child();
        silent.environment().remove("LRU_CACHE_CAPACITY");
        assertThat(outcome(start(silent))).contains("LRU_CACHE_CAPACITY=128");

        ProcessBuilder decided = child();
        decided.environment().put("LRU_CACHE_CAPACITY", "1024");
        assertThat(outcome(start(decided))).contains("LRU_CACHE_CAPACITY=1024");
    }

    @Test
    @Order(5)
    void missingNativesAreNamed() throws Exception {
        String withoutTorch = Arrays.stream(
                        System.getProperty("java.class.path").split(File.pathSeparator))
                .filter(entry -> !entry.matches(".*pytorch-[^/\\\\]*-(linux|macosx|windows)-.*"))
                .collect(Collectors.joining(File.pathSeparator));
        assertThat(outcome(start(child(withoutTorch, cache))))
                .startsWith("1: ")
                .contains("LiftException")
                .contains("native libraries of pytorch")
                .contains("org.bytedeco:pytorch:2.")
                .contains("with classifier");
    }

    @Test
    @Order(6)
    @EnabledOnOs(OS.LINUX)
    void aFullDiskIsSaidAndLeavesNothingHalfWritten(@TempDir Path small) throws Exception {
        // No file may grow beyond 1 MB in this child: writing fails as it does on a full disk.
        ProcessBuilder limited = child(System.getProperty("java.class.path"), small);
        List<String> command = new ArrayList<>(List.of("bash", "-c", "ulimit -f 1000; exec \"$@\"", "bash"));
        command.addAll(limited.command());
        limited.command(command);

        assertThat(outcome(start(limited)))
                .startsWith("1: ")
                .contains("LiftException")
                .contains(small.toString())
                .contains("make 4")
                .contains("MB of room");
        try (Stream<Path> files = Files.walk(small)) {
            assertThat(files.filter(file -> file.toString().endsWith(".unpacking")))
                    .isEmpty();
        }
    }

    private static ProcessBuilder child() {
        return child(System.getProperty("java.class.path"), cache);
    }

    private static ProcessBuilder child(String classPath, Path cache) {
        return new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "--enable-native-access=ALL-UNNAMED",
                        "-Xmx256m",
                        "-XX:+UseSerialGC",
                        "-XX:-UsePerfData",
                        "-Dorg.bytedeco.javacpp.cachedir=" + cache,
                        "-cp",
                        classPath,
                        Child.class.getName())
                .redirectErrorStream(true);
    }

    private static Process start(ProcessBuilder builder) throws IOException {
        return builder.start();
    }

    private static String outcome(Process child) throws Exception {
        String output = new String(child.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(child.waitFor(2, TimeUnit.MINUTES)).as(output).isTrue();
        String spoken = output.lines()
                .filter(line -> !line.startsWith("SLF4J"))
                .collect(Collectors.joining(System.lineSeparator()));
        return child.exitValue() + ": " + spoken;
    }

    private static void waitFor(BooleanSupplier condition, Process child) throws Exception {
        Instant deadline = Instant.now().plus(Duration.ofMinutes(1));
        while (!condition.getAsBoolean()) {
            assertThat(child.isAlive())
                    .as("the child is to be killed, not to end")
                    .isTrue();
            assertThat(Instant.now()).isBefore(deadline);
            Thread.sleep(5);
        }
    }

    private static long unpackedBytes() {
        try (Stream<Path> files = Files.walk(cache)) {
            return files.map(Path::toFile)
                    .filter(File::isFile)
                    .mapToLong(File::length)
                    .sum();
        } catch (IOException | UncheckedIOException renamedMeanwhile) {
            return 0;
        }
    }

    private static List<Path> filesNamed(String suffix) throws IOException {
        try (Stream<Path> files = Files.walk(cache)) {
            return files.filter(file -> file.toString().endsWith(suffix)).toList();
        }
    }

    /** The library files with what changes when one is written anew. */
    private static Map<Path, Object> libraries() throws IOException {
        Map<Path, Object> libraries = new TreeMap<>();
        try (Stream<Path> files = Files.walk(cache)) {
            for (Path file : files.toList()) {
                if (Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS) && !file.endsWith(".lock")) {
                    libraries.put(
                            file,
                            List.of(
                                    Files.size(file),
                                    Files.readAttributes(file, "fileKey").toString()));
                }
            }
        }
        return libraries;
    }
}
