package io.github.lift4j.engine.weights;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.lift4j.engine.LiftException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.HexFormat;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CheckpointTest {

    @TempDir
    Path folder;

    @ParameterizedTest
    @ValueSource(strings = {"llama-tied-scaled", "llama-untied", "qwen2", "qwen3"})
    void aGgufModelHasHuggingFacesNamesAndLayout(String model) {
        try (Checkpoint checkpoint = Checkpoint.open(Tiny.path("gguf/" + model + ".gguf"));
                Safetensors expected = Safetensors.open(Tiny.path("gguf/" + model + ".safetensors"))) {
            assertThat(checkpoint.names()).containsExactlyInAnyOrderElementsOf(expected.names());
            for (String name : expected.names()) {
                assertThat(checkpoint.shape(name)).as(name).isEqualTo(expected.shape(name));
                assertThat(Tiny.floats(checkpoint.read(name, ScalarType.Float)))
                        .as(name)
                        .isEqualTo(Tiny.floats(expected.read(name)));
                assertThat(Tiny.floats(checkpoint.read(name, ScalarType.BFloat16)))
                        .as(name)
                        .isEqualTo(Tiny.floats(expected.read(name, ScalarType.BFloat16)));
            }
            assertThat(checkpoint.gguf()).isPresent();
        }
    }

    @Test
    void aGgufModelHasHuggingFacesConfig() {
        JsonNode llama = config("llama-tied-scaled");
        assertThat(llama.at("/architectures/0").asText()).isEqualTo("LlamaForCausalLM");
        assertThat(llama.path("model_type").asText()).isEqualTo("llama");
        assertThat(llama.path("hidden_size").asInt()).isEqualTo(32);
        assertThat(llama.path("intermediate_size").asInt()).isEqualTo(64);
        assertThat(llama.path("num_hidden_layers").asInt()).isEqualTo(2);
        assertThat(llama.path("num_attention_heads").asInt()).isEqualTo(4);
        assertThat(llama.path("num_key_value_heads").asInt()).isEqualTo(2);
        assertThat(llama.path("head_dim").asInt()).isEqualTo(16);
        assertThat(llama.path("vocab_size").asInt()).isEqualTo(128);
        assertThat(llama.path("max_position_embeddings").asInt()).isEqualTo(256);
        assertThat(llama.path("rms_norm_eps").asDouble()).isEqualTo(1e-5);
        assertThat(llama.path("rope_theta").asDouble()).isEqualTo(10_000);
        assertThat(llama.path("tie_word_embeddings").asBoolean()).isTrue();
        assertThat(llama.path("attention_bias").asBoolean()).isFalse();
        assertThat(llama.path("bos_token_id").asInt()).isEqualTo(1);
        assertThat(llama.path("eos_token_id").asInt()).isEqualTo(2);
        assertThat(llama.path("rope_scaling"))
                .hasToString("{\"rope_type\":\"llama3\",\"factor\":8.0,\"low_freq_factor\":1.0,"
                        + "\"high_freq_factor\":4.0,\"original_max_position_embeddings\":64}");

        JsonNode linear = config("llama-untied");
        assertThat(linear.path("rope_scaling")).hasToString("{\"rope_type\":\"linear\",\"factor\":2.0}");
        assertThat(linear.path("tie_word_embeddings").asBoolean()).isFalse();
        assertThat(linear.path("head_dim").asInt()).isEqualTo(8);

        JsonNode qwen2 = config("qwen2");
        assertThat(qwen2.at("/architectures/0").asText()).isEqualTo("Qwen2ForCausalLM");
        assertThat(qwen2.path("attention_bias").asBoolean()).isTrue();
        assertThat(qwen2.path("rope_scaling").isNull()).isTrue();

        JsonNode qwen3 = config("qwen3");
        assertThat(qwen3.path("model_type").asText()).isEqualTo("qwen3");
        assertThat(qwen3.path("attention_bias").asBoolean()).isFalse();
    }

    private static JsonNode config(String model) {
        try (Checkpoint checkpoint = Checkpoint.open(Tiny.path("gguf/" + model + ".gguf"))) {
            return checkpoint.config();
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "llama2",
                "llama3",
                "llama-linear",
                "smollm2",
                "mistral",
                "mistral-window",
                "qwen2",
                "qwen2-yarn",
                "qwen3"
            })
    void aFolderIsReadAsItStands(String family) {
        try (Checkpoint checkpoint = Checkpoint.open(Tiny.path(family))) {
            assertThat(checkpoint.config().path("vocab_size").asInt()).isEqualTo(128);
            assertThat(checkpoint.gguf()).isEmpty();
            try (Tensor embedding = checkpoint.read("model.embed_tokens.weight", ScalarType.Float)) {
                assertThat(embedding.size(0)).isEqualTo(128);
            }
            assertThatThrownBy(() -> checkpoint.read("absent", ScalarType.Float))
                    .isInstanceOf(LiftException.class);
        }
    }

    @Test
    void theHashIsThatOfTheFilesBytes() throws IOException, GeneralSecurityException {
        MessageDigest sha256 = MessageDigest.getInstance("SHA-256");
        try (Checkpoint gguf = Checkpoint.open(Tiny.path("gguf/qwen2.gguf"));
                Checkpoint sharded = Checkpoint.open(Tiny.path("llama2"))) {
            assertThat(gguf.hash())
                    .isEqualTo(
                            HexFormat.of().formatHex(sha256.digest(Files.readAllBytes(Tiny.path("gguf/qwen2.gguf")))));
            byte[] first = sha256.digest(Files.readAllBytes(Tiny.path("llama2/model-00001-of-00002.safetensors")));
            byte[] second = sha256.digest(Files.readAllBytes(Tiny.path("llama2/model-00002-of-00002.safetensors")));
            sha256.update(first);
            assertThat(sharded.hash()).isEqualTo(HexFormat.of().formatHex(sha256.digest(second)));
        }
    }

    @Test
    void anInterruptedHashSaysSoAndCanBeAskedAgain() {
        try (Checkpoint sharded = Checkpoint.open(Tiny.path("llama2"));
                Checkpoint single = Checkpoint.open(Tiny.path("smollm2"))) {
            for (Checkpoint checkpoint : new Checkpoint[] {sharded, single}) {
                Thread.currentThread().interrupt();
                assertThatThrownBy(checkpoint::hash)
                        .isInstanceOf(LiftException.class)
                        .hasMessageContaining("interrupted");
                assertThat(Thread.interrupted()).isTrue();
                assertThat(checkpoint.hash()).hasSize(64);
            }
        }
    }

    @Test
    void aFolderWithOneGgufFileIsThatFile() throws IOException {
        Files.copy(Tiny.path("gguf/qwen2.gguf"), folder.resolve("a.gguf"));
        try (Checkpoint checkpoint = Checkpoint.open(folder)) {
            assertThat(checkpoint.gguf()).isPresent();
        }
        Files.copy(Tiny.path("gguf/qwen2.gguf"), folder.resolve("b.gguf"));
        refused(folder, "2 GGUF files");
    }

    @Test
    void whatIsNoModelIsRefusedWithASentence() throws IOException {
        refused(folder.resolve("absent"), "There is no model at");
        refused(folder, "neither a config.json nor a .gguf file");
        refused(Tiny.path("smollm2/model.safetensors"), "give the folder");
        refused(Tiny.path("smollm2/config.json"), "not a GGUF file");

        Path weights = folder.resolve("model.safetensors");
        Files.copy(Tiny.path("smollm2/model.safetensors"), weights);
        refused(folder, "no config.json");

        Path config = folder.resolve("config.json");
        Files.writeString(config, "{\"model_type\":");
        refused(folder, "not valid JSON");
        Files.writeString(config, "[]");
        refused(folder, "not a JSON object");
        Files.writeString(config, "");
        refused(folder, "not a JSON object");
        Files.writeString(config, "{\"quantization_config\":{\"quant_method\":\"awq\"}}");
        refused(folder, "quantised with awq");

        Files.writeString(config, "{}");
        Files.delete(weights);
        refused(folder, "no weights");
        Files.createFile(folder.resolve("pytorch_model.bin"));
        refused(folder, "pytorch_model.bin only");
    }

    @Test
    void aGgufOfAnotherArchitectureIsRefused() throws IOException {
        byte[] bytes = Files.readAllBytes(Tiny.path("gguf/qwen2.gguf"));
        String text = new String(bytes, StandardCharsets.ISO_8859_1);
        Path file = folder.resolve("other.gguf");
        Files.write(file, text.replace("qwen2", "gemma").getBytes(StandardCharsets.ISO_8859_1));
        refused(file, "architecture 'gemma'");
        Files.write(file, text.replace("ffn_gate", "ffn_moon").getBytes(StandardCharsets.ISO_8859_1));
        refused(file, "ffn_moon");
        Files.write(file, text.replace(".block_count", ".block_kount").getBytes(StandardCharsets.ISO_8859_1));
        refused(file, "lacks the metadata key qwen2.block_count");
        refused(Tiny.path("gguf/metadata.gguf"), "belongs to a kind of model");
    }

    private static void refused(Path path, String reason) {
        assertThatThrownBy(() -> Checkpoint.open(path).close())
                .isInstanceOf(LiftException.class)
                .hasMessageContaining(reason);
    }
}
