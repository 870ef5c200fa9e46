package io.github.lift4j.engine.tokenizer;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.lift4j.engine.LiftException;
import java.lang.reflect.Array;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Rebuilds from a GGUF file's metadata the {@code tokenizer.json} that the model once had. */
final class GgufTokenizer {

    private static final String PREFIX = "tokenizer.ggml.";
    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

    // tokenizer.ggml.token_type
    static final int NORMAL = 1;
    static final int UNKNOWN = 2;
    static final int CONTROL = 3;
    static final int USER_DEFINED = 4;
    static final int UNUSED = 5;
    static final int BYTE = 6;

    private final Map<String, ?> metadata;
    private final List<String> tokens;
    private final int[] types;

    private GgufTokenizer(Map<String, ?> metadata) {
        this.metadata = metadata;
        this.tokens = list("tokens").stream().map(String::valueOf).toList();
        if (tokens.isEmpty()) {
            throw damaged("it has no vocabulary");
        }
        this.types = types();
    }

    static TokenizerParts read(Map<String, ?> metadata) {
        return new GgufTokenizer(metadata).parts();
    }

    private TokenizerParts parts() {
        String model = text("model").orElseThrow(() -> damaged("it does not say of what kind it is"));
        ObjectNode json = JSON.objectNode().put("version", "1.0");
        json.putNull("truncation");
        json.putNull("padding");
        json.set("added_tokens", addedTokens());
        boolean bosByFamily = switch (model) {
            case "gpt2" -> byteLevel(json);
            case "llama" -> sentencePiece(json);
            default ->
                throw new LiftException("The GGUF file's tokenizer is of the kind '" + model
                        + "', which is unknown here; use the model's Hugging Face folder instead");
        };
        json.putNull("post_processor");
        boolean addsBos = metadata.get(PREFIX + "add_bos_token") instanceof Boolean said ? said : bosByFamily;
        return new TokenizerParts(json.toString(), specialTokens(), stopIds(), chatTemplate(), Optional.of(addsBos));
    }

    /** GPT-2's kind: merges over the bytes of pieces that a pattern cut. */
    private boolean byteLevel(ObjectNode json) {
        PreTokenizers.Kind kind = PreTokenizers.named(text("pre").orElse("default"));
        json.set("normalizer", kind.composes() ? JSON.objectNode().put("type", "NFC") : JSON.nullNode());
        json.set("pre_tokenizer", kind.preTokenizer());
        json.set("decoder", PreTokenizers.byteLevel(true));
        ObjectNode model = json.putObject("model").put("type", "BPE").put("ignore_merges", kind.wholePieces());
        vocabulary(model);
        ArrayNode merges = model.putArray("merges");
        for (Object merge : list("merges")) {
            String pair = merge.toString();
            int space = pair.indexOf(' ', 1);
            if (space < 0) {
                throw damaged("the merge '" + pair + "' does not name two tokens");
            }
            merges.addArray().add(pair.substring(0, space)).add(pair.substring(space + 1));
        }
        return kind.addsBos();
    }

    /** SentencePiece's kind: merges in the order of their scores over the whole text, bytes for what is unknown. */
    private boolean sentencePiece(ObjectNode json) {
        boolean prefixed = !(metadata.get(PREFIX + "add_space_prefix") instanceof Boolean said) || said;
        ArrayNode normalizers =
                json.putObject("normalizer").put("type", "Sequence").putArray("normalizers");
        if (prefixed) {
            normalizers.addObject().put("type", "Prepend").put("prepend", "▁");
        }
        normalizers.add(replace(" ", "▁"));
        json.putNull("pre_tokenizer");
        ArrayNode decoders = json.putObject("decoder").put("type", "Sequence").putArray("decoders");
        decoders.add(replace("▁", " "));
        decoders.addObject().put("type", "ByteFallback");
        decoders.addObject().put("type", "Fuse");
        if (prefixed) {
            decoders.addObject()
                    .put("type", "Strip")
                    .put("content", " ")
                    .put("start", 1)
                    .put("stop", 0);
        }
        ObjectNode model = json.putObject("model").put("type", "BPE").put("fuse_unk", true);
        model.put("byte_fallback", has(BYTE));
        id("unknown_token_id").ifPresent(id -> model.put("unk_token", tokens.get(id)));
        Map<String, Integer> ids = vocabulary(model);
        ArrayNode merges = model.putArray("merges");
        mergesByScore(ids).forEach(m -> merges.addArray().add(m.left).add(m.right));
        return true;
    }

    /** Every way to put a token together from two others, best score first, as SentencePiece would choose them. */
    private List<Merge> mergesByScore(Map<String, Integer> ids) {
        List<?> scores = list("scores");
        if (scores.size() != tokens.size()) {
            throw damaged("it has %d tokens but %d scores".formatted(tokens.size(), scores.size()));
        }
        List<Merge> merges = new ArrayList<>();
        for (int id = 0; id < tokens.size(); id++) {
            String token = tokens.get(id);
            if (types[id] != NORMAL && types[id] != USER_DEFINED) {
                continue;
            }
            double score = ((Number) scores.get(id)).doubleValue();
            List<Merge> ways = new ArrayList<>();
            for (int at = 1; at < token.length(); at++) {
                String left = token.substring(0, at);
                String right = token.substring(at);
                if (ids.containsKey(left) && ids.containsKey(right)) {
                    ways.add(new Merge(left, right, score));
                }
            }
            ways.sort(Comparator.<Merge>comparingInt(m -> ids.get(m.left)).thenComparingInt(m -> ids.get(m.right)));
            merges.addAll(ways);
        }
        // A stable sort, the larger parts first where scores are equal: the order transformers gives them.
        merges.sort(Comparator.comparingDouble(Merge::score)
                .thenComparingInt(m -> m.left.length())
                .thenComparingInt(m -> m.right.length())
                .reversed());
        return merges;
    }

    private record Merge(String left, String right, double score) {}

    private Map<String, Integer> vocabulary(ObjectNode model) {
        Map<String, Integer> ids = HashMap.newHashMap(tokens.size());
        ObjectNode vocabulary = model.putObject("vocab");
        for (int id = 0; id < tokens.size(); id++) {
            if (ids.putIfAbsent(tokens.get(id), id) == null) {
                vocabulary.put(tokens.get(id), id);
            }
        }
        return ids;
    }

    private ArrayNode addedTokens() {
        ArrayNode added = JSON.arrayNode();
        for (int id = 0; id < tokens.size(); id++) {
            boolean special = types[id] == CONTROL || types[id] == UNKNOWN;
            if ((special || types[id] == USER_DEFINED) && !tokens.get(id).isEmpty()) {
                added.addObject()
                        .put("id", id)
                        .put("content", tokens.get(id))
                        .put("single_word", false)
                        .put("lstrip", false)
                        .put("rstrip", false)
                        // A token written with the mark for a space is found only after spaces became marks.
                        .put("normalized", tokens.get(id).indexOf('▁') >= 0)
                        .put("special", special);
            }
        }
        return added;
    }

    private Map<String, String> specialTokens() {
        Map<String, String> special = new LinkedHashMap<>();
        Map.of(
                        "bos_token",
                        "bos_token_id",
                        "eos_token",
                        "eos_token_id",
                        "unk_token",
                        "unknown_token_id",
                        "pad_token",
                        "padding_token_id")
                .forEach((name, key) -> id(key).ifPresent(id -> special.put(name, tokens.get(id))));
        return special;
    }

    private Set<Integer> stopIds() {
        Set<Integer> stops = new LinkedHashSet<>();
        Stream.of("eos_token_id", "eot_token_id", "eom_token_id").forEach(key -> id(key).ifPresent(stops::add));
        return stops;
    }

    private Optional<String> chatTemplate() {
        return metadata.get("tokenizer.chat_template") instanceof String template && !template.isBlank()
                ? Optional.of(template)
                : Optional.empty();
    }

    private int[] types() {
        List<?> given = list("token_type");
        int[] result = new int[tokens.size()];
        for (int id = 0; id < result.length; id++) {
            result[id] = id < given.size() && given.get(id) instanceof Number type ? type.intValue() : NORMAL;
        }
        if (given.isEmpty()) {
            Stream.of("bos_token_id", "eos_token_id").forEach(key -> id(key).ifPresent(id -> result[id] = CONTROL));
        }
        return result;
    }

    private boolean has(int type) {
        for (int t : types) {
            if (t == type) {
                return true;
            }
        }
        return false;
    }

    private OptionalInt id(String key) {
        return metadata.get(PREFIX + key) instanceof Number id && id.longValue() >= 0 && id.longValue() < tokens.size()
                ? OptionalInt.of(id.intValue())
                : OptionalInt.empty();
    }

    private Optional<String> text(String key) {
        return metadata.get(PREFIX + key) instanceof String text ? Optional.of(text) : Optional.empty();
    }

    /** A list, given as one or as a primitive array; empty where it is missing. */
    private List<?> list(String key) {
        @Nullable Object value = metadata.get(PREFIX + key);
        if (value instanceof List<?> list) {
            return list;
        }
        if (value == null || !value.getClass().isArray()) {
            return List.of();
        }
        List<Object> copy = new ArrayList<>(Array.getLength(value));
        for (int i = 0; i < Array.getLength(value); i++) {
            copy.add(Array.get(value, i));
        }
        return copy;
    }

    private static JsonNode replace(String what, String by) {
        ObjectNode node = JSON.objectNode().put("type", "Replace").put("content", by);
        node.putObject("pattern").put("String", what);
        return node;
    }

    private static LiftException damaged(String how) {
        return new LiftException("The GGUF file's tokenizer is damaged: " + how + "; download the file again");
    }
}
