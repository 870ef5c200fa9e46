package io.github.lift4j.engine.weights;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import io.github.lift4j.engine.LiftException;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.RandomDistribution;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.lifecycle.BeforeContainer;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch.ScalarType;

/**
 * Damaged weight files are either refused with a {@link LiftException} or read; whatever the damage, nothing else is
 * thrown and no more memory is taken than the file's size justifies.
 */
class DamagedFilesTest {

    private static final List<String> SAFETENSORS = List.of("smollm2/model.safetensors", "gguf/Q4_0.safetensors");
    private static final List<String> GGUF = List.of(
            "gguf/Q4_K.gguf", "gguf/Q5_1.gguf", "gguf/metadata.gguf", "gguf/qwen2.gguf", "gguf/llama-tied-scaled.gguf");

    /** A 4-bit element of a file becomes 4 bytes of a float tensor. */
    private static final long LARGEST_EXPANSION = 8;

    /** Measured: about as many bytes as a sound file has. Beyond this a length in the file was believed. */
    private static final long HEAP_PER_FILE_BYTE = 64;

    private static final long HEAP_AT_LEAST = 1_000_000;

    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    /** One damage to a file's bytes. */
    private interface Damage extends Function<byte[], byte[]> {}

    /** Loading libtorch and Jackson takes 100 MB of heap once, which is not the reader's doing. */
    @BeforeContainer
    static void loadLibraries() {
        SAFETENSORS.forEach(name -> readSafetensors(Tiny.path(name)));
        GGUF.stream()
                .filter(name -> !name.contains("/Q") && !name.contains("metadata"))
                .forEach(name -> readGguf(Tiny.path(name)));
    }

    @Property(tries = 600)
    void damagedSafetensors(@ForAll("safetensors") String name, @ForAll("damages") List<Damage> damages)
            throws IOException {
        survives(damaged(name, damages), ".safetensors", DamagedFilesTest::readSafetensors);
    }

    @Property(tries = 1000)
    void damagedGguf(@ForAll("ggufs") String name, @ForAll("damages") List<Damage> damages) throws IOException {
        survives(damaged(name, damages), ".gguf", DamagedFilesTest::readGguf);
    }

    @Property(tries = 400)
    void randomSafetensorsHeader(@ForAll("jsonLike") String header, @ForAll byte[] data) throws IOException {
        byte[] json = header.getBytes(StandardCharsets.UTF_8);
        ByteBuffer file = ByteBuffer.allocate(8 + json.length + data.length).order(ByteOrder.LITTLE_ENDIAN);
        file.putLong(json.length).put(json).put(data);
        survives(file.array(), ".safetensors", DamagedFilesTest::readSafetensors);
    }

    @Property(tries = 1000)
    void randomGgufHeader(
            @ForAll @IntRange(max = 3) int tensors,
            @ForAll @IntRange(max = 3) int keys,
            @ForAll("ggufParts") List<byte[]> parts)
            throws IOException {
        ByteBuffer file = ByteBuffer.allocate(
                        24 + parts.stream().mapToInt(part -> part.length).sum())
                .order(ByteOrder.LITTLE_ENDIAN);
        file.putInt(0x46554747).putInt(3).putLong(tensors).putLong(keys);
        parts.forEach(file::put);
        survives(file.array(), ".gguf", DamagedFilesTest::readGguf);
    }

    /** Pieces of which headers consist, in any order, so that many get beyond their first field. */
    @Provide
    Arbitrary<List<byte[]>> ggufParts() {
        Arbitrary<byte[]> key = Arbitraries.strings().alpha().ofMaxLength(6).map(DamagedFilesTest::ggufString);
        Arbitrary<byte[]> scalar = Arbitraries.integers().between(0, 7).map(type -> little(type, 0x0101_0101L));
        Arbitrary<byte[]> array = Combinators.combine(
                        Arbitraries.integers().between(0, 13),
                        Arbitraries.oneOf(Arbitraries.longs().between(0, 4), Arbitraries.longs()))
                .as((type, count) -> joined(little(9), little(type), longs(count)));
        Arbitrary<byte[]> tensor = Combinators.combine(
                        Arbitraries.integers().between(0, 5),
                        Arbitraries.of(0L, 1L, 32L, 256L, -1L, 1L << 31, 1L << 62, Long.MAX_VALUE)
                                .array(long[].class)
                                .ofMaxSize(4),
                        Arbitraries.of(0, 1, 2, 8, 12, 14, 30, 23, -1),
                        Arbitraries.of(0L, 32L, 1L, -32L, 1L << 62, Long.MAX_VALUE - 31))
                .as((extra, shape, type, offset) -> joined(
                        ggufString("t" + extra), little(shape.length), longs(shape), little(type), longs(offset)));
        Arbitrary<byte[]> data = Arbitraries.integers().between(0, 300).map(byte[]::new);
        return Arbitraries.oneOf(joining(key, scalar), joining(key, array), tensor, tensor, data)
                .list()
                .ofMaxSize(8);
    }

    private static Arbitrary<byte[]> joining(Arbitrary<byte[]> first, Arbitrary<byte[]> second) {
        return Combinators.combine(first, second).as(DamagedFilesTest::joined);
    }

    private static byte[] ggufString(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        return joined(longs(bytes.length), bytes);
    }

    private static byte[] little(int value) {
        return ByteBuffer.allocate(4)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putInt(value)
                .array();
    }

    /** A metadata value of one of the types of 1, 2 or 4 bytes. */
    private static byte[] little(int type, long value) {
        int bytes = type == 7 || type < 2 ? 1 : type < 4 ? 2 : 4;
        return joined(little(type), Arrays.copyOf(longs(value), bytes));
    }

    private static byte[] longs(long... values) {
        ByteBuffer bytes = ByteBuffer.allocate(8 * values.length).order(ByteOrder.LITTLE_ENDIAN);
        Arrays.stream(values).forEach(bytes::putLong);
        return bytes.array();
    }

    private static byte[] joined(byte[]... parts) {
        ByteBuffer bytes = ByteBuffer.allocate(
                Arrays.stream(parts).mapToInt(part -> part.length).sum());
        Arrays.stream(parts).forEach(bytes::put);
        return bytes.array();
    }

    @Provide
    Arbitrary<String> safetensors() {
        return Arbitraries.of(SAFETENSORS);
    }

    @Provide
    Arbitrary<String> ggufs() {
        return Arbitraries.of(GGUF);
    }

    @Provide
    Arbitrary<String> jsonLike() {
        return Arbitraries.of(
                        "{",
                        "}",
                        "[",
                        "]",
                        ":",
                        ",",
                        "\"dtype\"",
                        "\"shape\"",
                        "\"data_offsets\"",
                        "\"F32\"",
                        "\"a\"",
                        "0",
                        "4",
                        "-1",
                        "1e999",
                        "99999999999999999999",
                        "null",
                        "\"__metadata__\"",
                        " ")
                .list()
                .ofMaxSize(30)
                .map(parts -> String.join("", parts));
    }

    @Provide
    Arbitrary<List<Damage>> damages() {
        // Half of the damages fall on the first part of the file, where the lengths stand.
        // Uniform, as jqwik's own preference for small numbers would mostly hit the magic number.
        Arbitrary<Double> place = Arbitraries.oneOf(within(1), within(0.05));
        Arbitrary<Long> number = Arbitraries.oneOf(
                Arbitraries.of(0L, 1L, -1L, Long.MAX_VALUE, Long.MIN_VALUE, 1L << 31, (1L << 31) - 1, 1L << 32),
                Arbitraries.longs());
        Arbitrary<Integer> bit = Arbitraries.integers().between(0, 7);
        Arbitrary<Damage> flip = Combinators.combine(place, bit).as(DamagedFilesTest::flip);
        Arbitrary<Damage> overwrite = Combinators.combine(place, number).as(DamagedFilesTest::overwrite);
        Arbitrary<Damage> truncate = place.map(DamagedFilesTest::truncate);
        Arbitrary<Damage> remove = place.map(DamagedFilesTest::remove);
        return Arbitraries.oneOf(flip, flip, overwrite, overwrite, truncate, remove)
                .list()
                .ofMinSize(1)
                .ofMaxSize(4);
    }

    private static Arbitrary<Double> within(double share) {
        return Arbitraries.doubles().between(0, share).ofScale(6).withDistribution(RandomDistribution.uniform());
    }

    private static Damage flip(double place, int bit) {
        return bytes -> {
            if (bytes.length > 0) {
                bytes[at(place, bytes.length)] ^= (byte) (1 << bit);
            }
            return bytes;
        };
    }

    private static Damage overwrite(double place, long number) {
        return bytes -> {
            if (bytes.length >= Long.BYTES) {
                ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).putLong(at(place, bytes.length - 7), number);
            }
            return bytes;
        };
    }

    private static Damage truncate(double place) {
        return bytes -> Arrays.copyOf(bytes, (int) (place * bytes.length));
    }

    private static Damage remove(double place) {
        return bytes -> {
            if (bytes.length == 0) {
                return bytes;
            }
            int at = at(place, bytes.length);
            byte[] shorter = Arrays.copyOf(bytes, bytes.length - 1);
            System.arraycopy(bytes, at + 1, shorter, at, shorter.length - at);
            return shorter;
        };
    }

    private static int at(double place, int length) {
        return Math.min(length - 1, (int) (place * length));
    }

    private static byte[] damaged(String name, List<Damage> damages) throws IOException {
        byte[] bytes = Files.readAllBytes(Tiny.path(name));
        for (Damage damage : damages) {
            bytes = damage.apply(bytes);
        }
        return bytes;
    }

    private interface Reading {
        void read(Path file);
    }

    private static void survives(byte[] bytes, String suffix, Reading reading) throws IOException {
        Path file = Files.createTempFile("damaged", suffix);
        try {
            Files.write(file, bytes);
            long before = THREADS.getCurrentThreadAllocatedBytes();
            try {
                reading.read(file);
            } catch (LiftException e) {
                assertThat(e.getMessage()).contains(file.toString()).endsWith(".");
            }
            long allocated = THREADS.getCurrentThreadAllocatedBytes() - before;
            assertThat(allocated).as("heap").isLessThan(HEAP_AT_LEAST + HEAP_PER_FILE_BYTE * bytes.length);
        } finally {
            Files.delete(file);
        }
    }

    private static void readSafetensors(Path file) {
        try (Safetensors tensors = Safetensors.open(file)) {
            readAll(tensors.names(), file, name -> tensors.read(name, ScalarType.Float));
        }
    }

    private static void readGguf(Path file) {
        try (Gguf gguf = Gguf.open(file)) {
            readAll(gguf.names(), file, name -> gguf.read(name, ScalarType.Float));
        }
        try (Checkpoint checkpoint = Checkpoint.open(file)) {
            readAll(checkpoint.names(), file, name -> checkpoint.read(name, ScalarType.BFloat16));
        }
    }

    private static void readAll(Set<String> names, Path file, Function<String, Tensor> read) {
        long elements = 0;
        for (String name : names) {
            try (Tensor tensor = read.apply(name)) {
                elements += tensor.numel();
            }
        }
        assertThat(elements * Float.BYTES)
                .isLessThanOrEqualTo(LARGEST_EXPANSION * file.toFile().length());
    }
}
