package io.github.lift4j.engine.weights;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.lift4j.engine.LiftException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class GgufTest {

    @TempDir
    Path folder;

    @ParameterizedTest
    @EnumSource
    void valuesAreThoseOfTheGgufPackageToTheLastBit(GgmlType type) {
        try (Gguf gguf = Gguf.open(Tiny.path("gguf/" + type + ".gguf"));
                Safetensors expected = Safetensors.open(Tiny.path("gguf/" + type + ".safetensors"))) {
            assertThat(gguf.type("values")).isEqualTo(type.name());
            assertThat(gguf.shape("values")).containsExactly(3, 512);
            // Two zeros of different sign are equal to == but not here.
            assertThat(bits(Tiny.floats(gguf.read("values", ScalarType.Float))))
                    .isEqualTo(bits(Tiny.floats(expected.read("values"))));
            for (ScalarType narrow : new ScalarType[] {ScalarType.BFloat16, ScalarType.Half, ScalarType.Double}) {
                assertThat(bits(Tiny.floats(gguf.read("values", narrow))))
                        .as("rounded to %s as libtorch does", narrow)
                        .isEqualTo(bits(Tiny.floats(expected.read("values", narrow))));
            }
        }
    }

    private static int[] bits(float[] values) {
        int[] bits = new int[values.length];
        Arrays.setAll(bits, i -> Float.floatToRawIntBits(values[i]));
        return bits;
    }

    @Test
    void readsEveryKindOfMetadata() {
        try (Gguf gguf = Gguf.open(Tiny.path("gguf/metadata.gguf"))) {
            GgufMetadata metadata = gguf.metadata();
            assertThat(metadata.integer("test.u8")).hasValue(250);
            assertThat(metadata.integer("test.i8")).hasValue(-5);
            assertThat(metadata.integer("test.u16")).hasValue(65_000);
            assertThat(metadata.integer("test.i16")).hasValue(-300);
            assertThat(metadata.integer("test.u32")).hasValue(4_000_000_000L);
            assertThat(metadata.integer("test.i32")).hasValue(-70_000);
            assertThat(metadata.integer("test.u64")).hasValue(1L << 62);
            assertThat(metadata.integer("test.i64")).hasValue(-1L << 62);
            assertThat(metadata.number("test.f32")).hasValue(1e-5);
            assertThat(metadata.number("test.f64")).hasValue(1e-300);
            assertThat(metadata.number("test.u8")).hasValue(250);
            assertThat(metadata.bool("test.bool")).contains(true);
            assertThat(metadata.string("test.text")).contains("größer 🙂");
            assertThat(metadata.string("test.long_text")).contains("x".repeat(70_000));
            assertThat(metadata.strings("test.texts"))
                    .hasValueSatisfying(texts -> assertThat(texts).containsExactly("a", "", "ж"));
            assertThat(metadata.integers("test.integers")).contains(new long[] {3, -1, 7});
            assertThat(metadata.numbers("test.reals")).contains(new double[] {0.5, -2.25});
            assertThat(metadata.integers("test.bools")).contains(new long[] {1, 0});
            assertThat(metadata.keys()).contains("test.nested");
            assertThat(metadata.string("absent")).isEmpty();
            assertThatThrownBy(() -> metadata.string("test.u8"))
                    .isInstanceOf(LiftException.class)
                    .hasMessageContaining("test.u8");
            assertThatThrownBy(() -> metadata.strings("test.nested")).isInstanceOf(LiftException.class);
            assertThat(gguf.shape("values")).containsExactly(2, 3);
            assertThat(Tiny.floats(gguf.read("values", ScalarType.Float))).containsExactly(0, 1, 2, 3, 4, 5);
        }
    }

    @Test
    void readsVersion2() throws IOException {
        try (Gguf gguf = Gguf.open(patched("gguf/Q4_0.gguf", bytes -> bytes.putInt(4, 2)))) {
            assertThat(gguf.names()).containsExactly("values");
        }
    }

    @Test
    void otherVersionsAndFilesAreRefusedByName() throws IOException {
        refused(patched("gguf/Q4_0.gguf", bytes -> bytes.putInt(4, 1)), "of version 1");
        refused(patched("gguf/Q4_0.gguf", bytes -> bytes.putInt(4, 0x03000000)), "big-endian");
        refused(patched("gguf/Q4_0.gguf", bytes -> bytes.put(0, (byte) 'X')), "not a GGUF file");
        refused(Files.write(folder.resolve("empty.gguf"), new byte[0]), "truncated");
        refused(folder.resolve("absent.gguf"), "no file");
    }

    @Test
    void countsThatLieAreRefused() throws IOException {
        for (long lie : new long[] {-1, Long.MIN_VALUE, Long.MAX_VALUE, 1L << 32, 65_000}) {
            refused(patched("gguf/Q4_0.gguf", bytes -> bytes.putLong(8, lie)), "truncated or damaged");
            refused(patched("gguf/Q4_0.gguf", bytes -> bytes.putLong(16, lie)), "truncated or damaged");
            refused(patched("gguf/Q4_0.gguf", bytes -> bytes.putLong(24, lie)), "truncated or damaged");
        }
    }

    @Test
    void aTruncatedFileIsRefused() throws IOException {
        byte[] whole = Files.readAllBytes(Tiny.path("gguf/Q4_0.gguf"));
        for (int length : new int[] {3, 20, 60, whole.length - 200}) {
            refused(Files.write(folder.resolve("cut.gguf"), Arrays.copyOf(whole, length)), "truncated or damaged");
        }
    }

    @Test
    void placesThatLieAreRefused() throws IOException {
        int f32 = 0;
        int q4 = 2;
        refused(made(0, new Place("a", f32, 0, 8)), "lies outside the file");
        refused(made(64, new Place("a", f32, 64, 8)), "lies outside the file");
        refused(made(64, new Place("a", f32, Long.MAX_VALUE - 31, 8)), "lies outside the file");
        refused(made(64, new Place("a", f32, 8, 8)), "lies outside the file");
        // So large that the room left minus its size would wrap around, in a file that ends with its header.
        refused(made(0, new Place("a", f32, 0, (1L << 61) - 1)), "lies outside the file");
        refused(made(64, new Place("a", f32, 0, 1L << 61)), "impossible shape");
        refused(made(64, new Place("a", f32, 0, 1L << 32, 1L << 32)), "impossible shape");
        refused(made(64, new Place("a", f32, 0, 0)), "impossible shape");
        refused(made(64, new Place("a", f32, 0, -4, -2)), "impossible shape");
        refused(made(64, new Place("a", f32, 0, 1, 1, 1, 1, 1)), "impossible shape");
        refused(made(64, new Place("a", q4, 0, 48, 2)), "whole blocks");
        refused(made(128, new Place("a", f32, 0, 16), new Place("b", f32, 32, 8)), "overlap");
        refused(made(128, new Place("a", f32, 0, 8), new Place("a", f32, 32, 8)), "stands twice");
        try (Gguf sound = Gguf.open(made(64, new Place("a", f32, 0, 8), new Place("b", q4, 32, 32, 1)))) {
            assertThat(Tiny.floats(sound.read("b", ScalarType.Float))).hasSize(32);
        }
    }

    /** A tensor as a header describes it; the innermost dimension first, as in the file. */
    private record Place(String name, int type, long offset, long... dimensions) {}

    /** A file without metadata and {@code dataBytes} zeros behind its header. */
    private Path made(int dataBytes, Place... places) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(4096).order(ByteOrder.LITTLE_ENDIAN);
        bytes.putInt(0x46554747).putInt(3).putLong(places.length).putLong(0);
        for (Place place : places) {
            byte[] name = place.name().getBytes(StandardCharsets.UTF_8);
            bytes.putLong(name.length).put(name).putInt(place.dimensions().length);
            Arrays.stream(place.dimensions()).forEach(bytes::putLong);
            bytes.putInt(place.type()).putLong(place.offset());
        }
        int header = bytes.position();
        int length = dataBytes == 0 ? header : Math.ceilDiv(header, 32) * 32 + dataBytes;
        return Files.write(folder.resolve("made.gguf"), Arrays.copyOf(bytes.array(), length));
    }

    @Test
    void aQuantisationThatIsNotReadIsNamed() throws IOException {
        byte[] name = "values".getBytes(StandardCharsets.UTF_8);
        Path file = patched("gguf/Q4_K.gguf", bytes -> {
            int at = indexOf(bytes.array(), name) + name.length + 4 + 2 * 8;
            assertThat(bytes.getInt(at)).isEqualTo(12);
            bytes.putInt(at, 23);
        });
        refused(file, "IQ4_XS");
    }

    private static int indexOf(byte[] bytes, byte[] part) {
        for (int i = 0; ; i++) {
            if (Arrays.equals(bytes, i, i + part.length, part, 0, part.length)) {
                return i;
            }
        }
    }

    private interface Patch {
        void apply(ByteBuffer bytes);
    }

    private Path patched(String name, Patch patch) throws IOException {
        byte[] bytes = Files.readAllBytes(Tiny.path(name));
        patch.apply(ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN));
        return Files.write(folder.resolve("patched.gguf"), bytes);
    }

    private static void refused(Path path, String reason) {
        assertThatThrownBy(() -> Gguf.open(path).close())
                .isInstanceOf(LiftException.class)
                .hasMessageContaining(reason);
    }
}
