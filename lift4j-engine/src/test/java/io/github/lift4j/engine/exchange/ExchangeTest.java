package io.github.lift4j.engine.exchange;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.lift4j.engine.LiftException;
import io.github.lift4j.engine.Progress;
import io.github.lift4j.engine.TinyModel;
import io.github.lift4j.engine.adapter.LoraAdapter;
import io.github.lift4j.engine.adapter.LoraSettings;
import io.github.lift4j.engine.adapter.PeftFormat;
import io.github.lift4j.engine.adapter.TunedWeights;
import io.github.lift4j.engine.model.StoredModel;
import io.github.lift4j.engine.runtime.ComputeDevice;
import io.github.lift4j.engine.runtime.ComputeType;
import io.github.lift4j.engine.transformer.Adaptation;
import io.github.lift4j.engine.transformer.ModelConfig;
import io.github.lift4j.engine.transformer.Transformer;
import io.github.lift4j.engine.weights.Checkpoint;
import io.github.lift4j.engine.weights.GgmlType;
import io.github.lift4j.engine.weights.Gguf;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.AutoGradMode;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Tiny models of every family with an adapter, written for other programs and read again. */
class ExchangeTest {

    private static final int[] IDS = {5, 17, 99, 3, 64, 31, 8, 120};
    private static final LoraSettings LORA = new LoraSettings(4, 6, true, Set.of());

    @TempDir
    private Path folder;

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
                "qwen3",
                "gguf/llama-untied.gguf",
                "gguf/llama-tied-scaled.gguf",
                "gguf/qwen2.gguf",
                "gguf/qwen3.gguf"
            })
    void aWholeModelComputesTheSameInBothForms(String name) throws IOException {
        Path path = model(name);
        float[] expected = writeAdapter(path, LORA);
        Path made = Files.createDirectory(folder.resolve("made"));
        Path gguf = folder.resolve("made.gguf");
        try (StoredModel base = StoredModel.open(name, path);
                TunedWeights weights = TunedWeights.open(base, adapter())) {
            GgufModel.write(base, weights, GgmlType.F32, gguf, Progress.SILENT);
            if (base.gguf().isEmpty() || base.gguf().get().metadata().contains("tokenizer.ggml.tokens")) {
                ModelFolder.write(base, weights, ComputeType.FLOAT32, made, Progress.SILENT);
                assertThat(furthest(logits(made), expected)).isLessThan(5e-5);
            }
        }
        assertThat(furthest(logits(gguf), expected)).isLessThan(5e-5);
    }

    @ParameterizedTest
    @CsvSource({"F16, 0.0005", "BF16, 0.004", "Q8_0, 0.0044"})
    void narrowTypesRoundAndNoMore(GgmlType type, double halfStep) throws IOException {
        Path path = model("llama2");
        writeAdapter(path, LORA);
        try (StoredModel base = StoredModel.open("llama2", path);
                TunedWeights weights = TunedWeights.open(base, adapter())) {
            GgufModel.write(base, weights, GgmlType.F32, folder.resolve("wide.gguf"), Progress.SILENT);
            GgufModel.write(base, weights, type, folder.resolve("narrow.gguf"), Progress.SILENT);
        }
        try (Gguf wide = Gguf.open(folder.resolve("wide.gguf"));
                Gguf narrow = Gguf.open(folder.resolve("narrow.gguf"));
                PointerScope scope = new PointerScope()) {
            for (String name : wide.names()) {
                float[] values = floats(wide.read(name, ScalarType.Float));
                double largest = furthest(values, new float[values.length]);
                assertThat(furthest(floats(narrow.read(name, ScalarType.Float)), values))
                        .as(name)
                        .isLessThanOrEqualTo(largest * halfStep);
            }
            assertThat(narrow.type("blk.0.attn_q.weight")).isEqualTo(type.name());
            assertThat(narrow.type("blk.0.attn_norm.weight")).isEqualTo("F32");
            // 48 columns are no whole number of blocks of 32
            String fallback = type == GgmlType.Q8_0 ? "F16" : type.name();
            assertThat(narrow.type("blk.0.ffn_down.weight")).isEqualTo(fallback);
        }
    }

    /** What llama.cpp does with an adapter: W + alpha / rank * B A, on weights that lie as its own models have them. */
    @ParameterizedTest
    @ValueSource(strings = {"llama2", "qwen2", "gguf/llama-untied.gguf"})
    void aGgufAdapterOnItsGgufBaseIsTheWholeModel(String name) throws IOException {
        Path path = model(name);
        writeAdapter(path, LORA);
        try (StoredModel base = StoredModel.open(name, path);
                TunedWeights weights = TunedWeights.open(base, adapter())) {
            GgufModel.write(base, base, GgmlType.F32, folder.resolve("base.gguf"), Progress.SILENT);
            GgufModel.write(base, weights, GgmlType.F32, folder.resolve("whole.gguf"), Progress.SILENT);
            GgufLora.write(base, adapter(), GgmlType.F32, folder.resolve("lora.gguf"));
        }
        try (Gguf base = Gguf.open(folder.resolve("base.gguf"));
                Gguf whole = Gguf.open(folder.resolve("whole.gguf"));
                Gguf lora = Gguf.open(folder.resolve("lora.gguf"))) {
            assertThat(lora.metadata().string("general.type")).contains("adapter");
            assertThat(lora.metadata().string("adapter.type")).contains("lora");
            assertThat(lora.metadata().string("general.architecture"))
                    .isEqualTo(base.metadata().string("general.architecture"));
            double alpha = lora.metadata().number("adapter.lora.alpha").orElseThrow();
            for (String layer : new String[] {"attn_q", "attn_k", "attn_v", "attn_output", "ffn_down"}) {
                String weight = "blk.1." + layer + ".weight";
                try (PointerScope scope = new PointerScope()) {
                    Tensor down = lora.read(weight + ".lora_a", ScalarType.Float);
                    Tensor up = lora.read(weight + ".lora_b", ScalarType.Float);
                    Tensor sum = base.read(weight, ScalarType.Float)
                            .addmm(up, down, new Scalar(1), new Scalar(alpha / down.size(0)));
                    assertThat(furthest(floats(sum), floats(whole.read(weight, ScalarType.Float))))
                            .as(layer)
                            .isLessThan(1e-6);
                }
            }
        }
    }

    @Test
    void anAdapterFromElsewhereIsTakenIn() throws IOException {
        Path path = model("qwen2");
        LoraSettings some = new LoraSettings(4, 6, true, Set.of("q_proj", "down_proj"));
        float[] expected = writeAdapter(path, some);
        change(config -> config.put("target_modules", ".*\\.(q_proj|down_proj)"));
        Path taken = Files.createDirectory(folder.resolve("taken"));
        try (StoredModel base = StoredModel.open("qwen2", path)) {
            assertThat(AdapterImport.copy(adapter(), base, taken)).isEqualTo(some);
        }
        try (Transformer model = TinyModel.load("qwen2");
                LoraAdapter read = PeftFormat.read(taken, model)) {
            assertThat(furthest(logits(model, read), expected)).isLessThan(1e-6);
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "peft_type | \"IA3\" | of the kind 'IA3'",
                "use_dora | true | use_dora",
                "bias | \"all\" | biases",
                "modules_to_save | [\"lm_head\"] | modules_to_save",
                "rank_pattern | {\"q_proj\": 8} | rank_pattern",
                "layers_to_transform | [0] | layers_to_transform",
                "init_lora_weights | \"pissa\" | changed its base",
            })
    void whatIsNoPlainLoraIsRefused(String key, String value, String because) throws IOException {
        Path path = model("llama2");
        writeAdapter(path, LORA);
        change(config -> config.set(key, new ObjectMapper().readTree(value)));
        assertRefused(path, because);
    }

    @Test
    void anAdapterOfOtherLayersOrAnotherBaseIsRefused() throws IOException {
        Path path = model("llama2");
        writeAdapter(path, LORA);
        assertRefused(model("qwen3"), "another base");
        renameTensors("0.mlp.up_proj", "0.mlp.up_gate");
        assertRefused(path, "adapts up_gate");
        renameTensors("0.mlp.up_gate", "7.mlp.up_proj");
        assertRefused(path, "some layers only");
        Files.move(adapter().resolve("adapter_model.safetensors"), adapter().resolve("adapter_model.bin"));
        assertRefused(path, "safe_serialization");
    }

    private void assertRefused(Path model, String because) {
        try (StoredModel base = StoredModel.open("tiny", model)) {
            assertThatThrownBy(() -> AdapterImport.copy(adapter(), base, folder))
                    .isInstanceOf(LiftException.class)
                    .hasMessageContaining(because);
        }
    }

    private Path adapter() {
        return folder.resolve("adapter");
    }

    /** A change to the JSON that PEFT's reader sees. */
    private interface Change {

        void to(ObjectNode config) throws IOException;
    }

    private void change(Change change) throws IOException {
        Path file = adapter().resolve("adapter_config.json");
        ObjectNode config = (ObjectNode) new ObjectMapper().readTree(file.toFile());
        change.to(config);
        Files.writeString(file, config.toString());
    }

    /** Of the same length, so that the header's own stays right. */
    private void renameTensors(String from, String to) throws IOException {
        Path file = adapter().resolve("adapter_model.safetensors");
        String bytes = Files.readString(file, StandardCharsets.ISO_8859_1);
        Files.writeString(file, bytes.replace(from, to), StandardCharsets.ISO_8859_1);
    }

    /** A tiny checkpoint; beside one that is a folder lies a tokenizer of its 128 ids. */
    private Path model(String name) throws IOException {
        Path source = TinyModel.FOLDER.resolve(name);
        if (Files.isRegularFile(source)) {
            return source;
        }
        Path copy = folder.resolve(name);
        Files.createDirectory(copy);
        try (Stream<Path> files = Files.list(source)) {
            for (Path file : files.toList()) {
                Files.copy(file, copy.resolve(file.getFileName()));
            }
        }
        ObjectNode tokenizer = (ObjectNode) new ObjectMapper().readTree("""
                        {"version": "1.0", "added_tokens": [], "normalizer": null, "post_processor": null,
                         "pre_tokenizer":
                             {"type": "ByteLevel", "add_prefix_space": false, "trim_offsets": true, "use_regex": true},
                         "decoder":
                             {"type": "ByteLevel", "add_prefix_space": true, "trim_offsets": true, "use_regex": true},
                         "model": {"type": "BPE", "vocab": {}, "merges": []}}""");
        ObjectNode vocabulary = (ObjectNode) tokenizer.at("/model/vocab");
        IntStream.rangeClosed('!', '~').forEach(c -> vocabulary.put(Character.toString(c), c - '!'));
        Files.writeString(copy.resolve("tokenizer.json"), tokenizer.toString());
        return copy;
    }

    /** Leaves a random adapter for the model in the adapter's folder; returns the logits with it. */
    private float[] writeAdapter(Path path, LoraSettings settings) throws IOException {
        Files.createDirectories(adapter());
        try (Transformer model = load(path);
                LoraAdapter lora = LoraAdapter.create(model, settings, new SplittableRandom(1))) {
            SplittableRandom random = new SplittableRandom(2);
            long count = lora.parameters().count();
            float[] values = new float[Math.toIntExact(count)];
            IntStream.range(0, values.length).forEach(i -> values[i] = random.nextFloat(-0.2f, 0.2f));
            try (PointerScope scope = new PointerScope();
                    AutoGradMode off = new AutoGradMode(false)) {
                lora.parameters().values().copy_(torch.from_blob(new FloatPointer(values), count));
            }
            PeftFormat.write(lora, "tiny", adapter());
            float[] logits = logits(model, lora);
            assertThat(furthest(logits, logits(model, Adaptation.NONE))).isGreaterThan(1e-2);
            return logits;
        }
    }

    private static Transformer load(Path path) {
        try (Checkpoint checkpoint = Checkpoint.open(path)) {
            return Transformer.load(
                    ModelConfig.fromHuggingFace(checkpoint.config()),
                    checkpoint::read,
                    ComputeDevice.parse("cpu"),
                    ComputeType.FLOAT32);
        }
    }

    private static float[] logits(Path path) {
        try (Transformer model = load(path)) {
            return logits(model, Adaptation.NONE);
        }
    }

    private static float[] logits(Transformer model, Adaptation adaptation) {
        try (PointerScope scope = new PointerScope();
                AutoGradMode off = new AutoGradMode(false)) {
            Tensor hidden = model.hidden(model.ids(IDS, IDS.length), adaptation);
            return floats(model.logits(hidden, adaptation));
        }
    }

    private static float[] floats(Tensor tensor) {
        Tensor whole = tensor.contiguous();
        float[] values = new float[Math.toIntExact(whole.numel())];
        new FloatPointer(whole.data_ptr()).get(values);
        return values;
    }

    private static double furthest(float[] a, float[] b) {
        assertThat(a).hasSameSizeAs(b);
        return IntStream.range(0, a.length)
                .mapToDouble(i -> Math.abs(a[i] - b[i]))
                .max()
                .orElseThrow();
    }
}
