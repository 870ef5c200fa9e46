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
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SafetensorsTest {

    @TempDir
    Path folder;

    @Test
    void listsNamesShapesTypesAndMetadata() {
        try (Safetensors file = Safetensors.open(Tiny.path("smollm2/model.safetensors"))) {
            assertThat(file.names()).hasSize(20).contains("model.layers.1.mlp.down_proj.weight");
            assertThat(file.shape("model.embed_tokens.weight")).containsExactly(128, 48);
            assertThat(file.shape("model.norm.weight")).containsExactly(48);
            assertThat(file.type("model.norm.weight")).isEqualTo(DType.BF16);
            assertThat(file.metadata()).containsEntry("format", "pt");
        }
    }

    @Test
    void readsShardsAsOneModel() {
        try (Safetensors sharded = Safetensors.open(Tiny.path("llama2"))) {
            assertThat(sharded.names()).hasSize(21);
            for (String name : sharded.names()) {
                assertThat(Tiny.floats(sharded.read(name, ScalarType.Float))).isNotEmpty();
            }
        }
    }

    @Test
    void convertsWhatIsStoredOtherwise() throws IOException {
        Path file = write("{\"a\":{\"dtype\":\"BF16\",\"shape\":[2],\"data_offsets\":[0,4]}}", bytes(0x3F80, 0xC049));
        try (Safetensors tensors = Safetensors.open(file);
                Tensor half = tensors.read("a", ScalarType.Half)) {
            assertThat(half.scalar_type().intern()).isEqualTo(ScalarType.Half);
            assertThat(Tiny.floats(tensors.read("a", ScalarType.Float))).containsExactly(1f, -3.140625f);
            assertThat(tensors.read("a").scalar_type().intern()).isEqualTo(ScalarType.BFloat16);
        }
    }

    @ParameterizedTest
    @CsvSource({"F64,8", "F32,4", "F16,2", "BF16,2", "I64,8", "I32,4", "I16,2", "I8,1", "U8,1", "BOOL,1", "F8_E4M3,1"})
    void readsEveryTypeThatLibtorchKnows(String type, int bytes) throws IOException {
        Path file = write(
                "{\"a\":{\"dtype\":\"" + type + "\",\"shape\":[3,2],\"data_offsets\":[0," + 6 * bytes + "]}}",
                new byte[6 * bytes]);
        try (Safetensors tensors = Safetensors.open(file)) {
            assertThat(Tiny.floats(tensors.read("a", ScalarType.Float))).containsExactly(0, 0, 0, 0, 0, 0);
        }
    }

    @Test
    void readsScalarsAndEmptyTensors() throws IOException {
        Path file = write(
                "{\"s\":{\"dtype\":\"F32\",\"shape\":[],\"data_offsets\":[0,4]},"
                        + "\"e\":{\"dtype\":\"F32\",\"shape\":[0,1099511627776],\"data_offsets\":[4,4]}}",
                ByteBuffer.allocate(4)
                        .order(ByteOrder.LITTLE_ENDIAN)
                        .putFloat(2.5f)
                        .array());
        try (Safetensors tensors = Safetensors.open(file)) {
            assertThat(tensors.shape("s")).isEmpty();
            assertThat(Tiny.floats(tensors.read("s"))).containsExactly(2.5f);
            assertThat(Tiny.floats(tensors.read("e", ScalarType.BFloat16))).isEmpty();
        }
    }

    @Test
    void whatWasReadOutlivesTheFile() {
        try (PointerScope scope = new PointerScope()) {
            Tensor norm;
            try (Safetensors file = Safetensors.open(Tiny.path("smollm2"))) {
                norm = file.read("model.norm.weight", ScalarType.Float);
            }
            assertThat(norm.numel()).isEqualTo(48);
            assertThat(norm.is_contiguous()).isTrue();
            Tiny.floats(norm);
        }
    }

    @Test
    void aMissingTensorIsNamed() {
        try (Safetensors file = Safetensors.open(Tiny.path("smollm2"))) {
            assertThatThrownBy(() -> file.read("lm_head.weight", ScalarType.Float))
                    .isInstanceOf(LiftException.class)
                    .hasMessageContaining("lm_head.weight")
                    .hasMessageContaining("model.safetensors");
        }
    }

    @Test
    void aTruncatedFileIsRefused() throws IOException {
        byte[] whole = Files.readAllBytes(Tiny.path("smollm2/model.safetensors"));
        Path cut = Files.write(folder.resolve("cut.safetensors"), Arrays.copyOf(whole, whole.length - 1));
        refused(cut, "truncated or damaged");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{'a':{'dtype':'F32','shape':[1],'data_offsets':[0,8]}}|does not match its shape",
                "{'a':{'dtype':'F32','shape':[2],'data_offsets':[8,16]}}|outside the file",
                "{'a':{'dtype':'F32','shape':[2],'data_offsets':[8,0]}}|outside the file",
                "{'a':{'dtype':'F32','shape':[9223372036854775807,4],'data_offsets':[0,8]}}|impossible shape",
                "{'a':{'dtype':'F32','shape':[4611686018427387904,4,0],'data_offsets':[0,0]}}|impossible shape",
                "{'a':{'dtype':'F32','shape':[-2],'data_offsets':[0,8]}}|impossible shape",
                "{'a':{'dtype':'F32','shape':[1e1],'data_offsets':[0,8]}}|impossible shape",
                "{'a':{'dtype':'F32','shape':[99999999999999999999],'data_offsets':[0,8]}}|impossible shape",
                "{'a':{'dtype':'F4','shape':[2],'data_offsets':[0,8]}}|type 'F4'",
                "{'a':{'dtype':'F32','shape':[2]}}|not described in full",
                "{'a':7}|type ''",
                "{'a':{'dtype':'F32','shape':[1],'data_offsets':[0,4]}}|4 bytes follow",
                "{'a':{'dtype':'F32','shape':[2],'data_offsets':[0,8]},'b':{'dtype':'F32','shape':[1],"
                        + "'data_offsets':[4,8]}}|does not follow",
                "{'a':{'dtype':'F32','shape':[2],'data_offsets':[0,8]},'a':{'dtype':'F32','shape':[2],"
                        + "'data_offsets':[0,8]}}|not valid JSON",
                "{'a':{'dtype':'F32','shape':[2],'data_offsets':[0,8]}|not valid JSON",
                "{'a':{'dtype':'F32','shape':[2],'data_offsets':[0,8]}}x|not valid JSON",
                "[]|not a JSON object",
            })
    void aHeaderThatLiesIsRefused(String header, String reason) throws IOException {
        refused(write(header.replace('\'', '"'), new byte[8]), reason);
    }

    @Test
    void aHeaderLengthThatLiesIsRefused() throws IOException {
        for (long length : new long[] {-1, Long.MIN_VALUE, Long.MAX_VALUE, 1L << 32, 100_000_001, 99_999_999, 9}) {
            ByteBuffer bytes =
                    ByteBuffer.allocate(16).order(ByteOrder.LITTLE_ENDIAN).putLong(length);
            refused(Files.write(folder.resolve("lie.safetensors"), bytes.array()), "lie.safetensors");
        }
    }

    @Test
    void filesThatAreNoneAreRefusedByName() throws IOException {
        refused(folder.resolve("absent.safetensors"), "There is no file");
        refused(Files.write(folder.resolve("empty.safetensors"), new byte[0]), "only 0 bytes");
        refused(Files.writeString(folder.resolve("page.safetensors"), "<!DOCTYPE html><html>"), "does not start like");
        refused(folder, "no weights in");
        Files.createFile(folder.resolve("pytorch_model.bin"));
        refused(folder, "pytorch_model.bin only");
    }

    @Test
    void aMissingOrForeignShardIsRefused() throws IOException {
        Path index = folder.resolve("model.safetensors.index.json");
        Files.writeString(index, "{\"weight_map\":{\"a\":\"model-00001-of-00002.safetensors\"}}");
        refused(folder, "There is no file");
        Files.writeString(index, "{\"weight_map\":{\"a\":\"../secret.safetensors\"}}");
        refused(folder, "not a safetensors file beside it");
        Files.writeString(index, "{}");
        refused(folder, "lists no tensors");
        Files.writeString(index, "{\"weight_map\":");
        refused(folder, "not valid JSON");
        Files.writeString(index, "{\"weight_map\":{\"absent\":\"m.safetensors\"}}");
        Files.copy(Tiny.path("smollm2/model.safetensors"), folder.resolve("m.safetensors"));
        refused(folder, "no tensor absent");
    }

    private static void refused(Path path, String reason) {
        assertThatThrownBy(() -> Safetensors.open(path).close())
                .isInstanceOf(LiftException.class)
                .hasMessageContaining(reason);
    }

    private Path write(String header, byte[] data) throws IOException {
        byte[] json = header.getBytes(StandardCharsets.UTF_8);
        ByteBuffer bytes = ByteBuffer.allocate(8 + json.length + data.length)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(json.length)
                .put(json)
                .put(data);
        return Files.write(folder.resolve("made.safetensors"), bytes.array());
    }

    private static byte[] bytes(int... shorts) {
        ByteBuffer bytes = ByteBuffer.allocate(2 * shorts.length).order(ByteOrder.LITTLE_ENDIAN);
        for (int value : shorts) {
            bytes.putShort((short) value);
        }
        return bytes.array();
    }
}
