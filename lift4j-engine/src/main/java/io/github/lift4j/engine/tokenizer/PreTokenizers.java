package io.github.lift4j.engine.tokenizer;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.lift4j.engine.LiftException;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * How a text is split before byte-pair merging, by the name GGUF files give it in {@code tokenizer.ggml.pre}. Each is
 * written as the {@code tokenizer.json} of the model family has it, so that ids equal those of Hugging Face.
 */
final class PreTokenizers {

    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

    private static final String LLAMA_3 = "(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\\r\\n\\p{L}\\p{N}]?\\p{L}+|\\p{N}{1,3}"
            + "| ?[^\\s\\p{L}\\p{N}]+[\\r\\n]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+";

    private static final String QWEN_2 = "(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\\r\\n\\p{L}\\p{N}]?\\p{L}+|\\p{N}"
            + "| ?[^\\s\\p{L}\\p{N}]+[\\r\\n]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+";

    private static final String TEKKEN = "[^\\r\\n\\p{L}\\p{N}]?[\\p{Lu}\\p{Lt}\\p{Lm}\\p{Lo}\\p{M}]*"
            + "[\\p{Ll}\\p{Lm}\\p{Lo}\\p{M}]+|[^\\r\\n\\p{L}\\p{N}]?[\\p{Lu}\\p{Lt}\\p{Lm}\\p{Lo}\\p{M}]+"
            + "[\\p{Ll}\\p{Lm}\\p{Lo}\\p{M}]*|\\p{N}| ?[^\\s\\p{L}\\p{N}]+[\\r\\n/]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+";

    private PreTokenizers() {}

    /**
     * What a name stands for.
     *
     * @param preTokenizer the {@code pre_tokenizer} of a {@code tokenizer.json}
     * @param composes whether texts are first brought into normal form C
     * @param wholePieces whether a piece that is in the vocabulary is taken without merging ({@code ignore_merges})
     * @param addsBos whether the family puts the begin-of-text token before plain text unless its file says otherwise
     */
    record Kind(JsonNode preTokenizer, boolean composes, boolean wholePieces, boolean addsBos) {}

    static Kind named(String name) {
        return switch (name) {
            case "default", "gpt-2" -> new Kind(byteLevel(true), false, false, false);
            // These split every numeric character off first, ½ and ² included.
            case "smollm", "starcoder" -> new Kind(sequence(List.of(digits(), byteLevel(true))), false, false, false);
            case "llama-bpe", "llama3", "llama-v3", "falcon3" -> new Kind(regex(LLAMA_3), false, true, true);
            case "qwen2", "deepseek-r1-qwen" -> new Kind(regex(QWEN_2), true, false, false);
            case "tekken" -> new Kind(regex(TEKKEN), false, true, true);
            default ->
                throw new LiftException("The GGUF file's tokenizer splits text in a way that is unknown here ("
                        + "tokenizer.ggml.pre = " + name
                        + "); use the model's Hugging Face folder, which describes it, instead");
        };
    }

    /** The name for what a {@code tokenizer.json} does before merging; empty where GGUF's names have none for it. */
    static Optional<String> nameOf(JsonNode tokenizer) {
        boolean composes = tokenizer.at("/normalizer/type").asText().equals("NFC");
        boolean wholePieces = tokenizer.at("/model/ignore_merges").asBoolean();
        JsonNode splits = comparable(tokenizer.path("pre_tokenizer"));
        if (!composes && tokenizer.hasNonNull("normalizer")) {
            return Optional.empty();
        }
        return Stream.of("gpt-2", "smollm", "llama-bpe", "qwen2", "tekken")
                .filter(name -> {
                    Kind kind = named(name);
                    return kind.composes() == composes
                            && kind.wholePieces() == wholePieces
                            && comparable(kind.preTokenizer()).equals(splits);
                })
                .findFirst();
    }

    /** Without what changes offsets only. */
    private static JsonNode comparable(JsonNode preTokenizer) {
        JsonNode copy = preTokenizer.deepCopy();
        copy.findParents("trim_offsets").forEach(node -> ((ObjectNode) node).remove("trim_offsets"));
        return copy;
    }

    private static JsonNode regex(String pattern) {
        ObjectNode split = JSON.objectNode()
                .put("type", "Split")
                .put("behavior", "Isolated")
                .put("invert", false);
        split.putObject("pattern").put("Regex", pattern);
        return sequence(List.of(split, byteLevel(false)));
    }

    private static JsonNode digits() {
        return JSON.objectNode().put("type", "Digits").put("individual_digits", true);
    }

    static JsonNode byteLevel(boolean gpt2Split) {
        return JSON.objectNode()
                .put("type", "ByteLevel")
                .put("add_prefix_space", false)
                .put("trim_offsets", true)
                .put("use_regex", gpt2Split);
    }

    private static JsonNode sequence(List<JsonNode> parts) {
        ObjectNode sequence = JSON.objectNode().put("type", "Sequence");
        sequence.putArray("pretokenizers").addAll(parts);
        return sequence;
    }
}
