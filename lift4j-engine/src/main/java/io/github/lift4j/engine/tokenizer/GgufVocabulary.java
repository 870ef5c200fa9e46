package io.github.lift4j.engine.tokenizer;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.lift4j.engine.LiftException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SequencedMap;
import java.util.regex.Pattern;

/** Describes a model folder's tokenizer as GGUF files do: the way back from {@link GgufTokenizer}. */
public final class GgufVocabulary {

    private static final String PREFIX = "tokenizer.ggml.";
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Pattern BYTE_TOKEN = Pattern.compile("<0x[0-9A-F]{2}>");

    /** Below every merge's score: what no merge makes is never put together. */
    private static final float UNMADE = -1e6f;

    private static final Map<String, String> ROLES = Map.of(
            "bos_token", "bos_token_id",
            "eos_token", "eos_token_id",
            "unk_token", "unknown_token_id",
            "pad_token", "padding_token_id");

    private final Path folder;
    private final TokenizerParts parts;
    private final JsonNode json;
    private final String[] tokens;
    private final int[] types;
    private final Map<String, Integer> ids = new HashMap<>();
    private final SequencedMap<String, Object> metadata = new LinkedHashMap<>();

    private GgufVocabulary(Path folder, int rows) {
        this.folder = folder;
        this.parts = TokenizerFolder.read(folder);
        this.json = parsed();
        this.tokens = new String[rows];
        this.types = new int[rows];
        read();
    }

    /**
     * The metadata keys that begin with {@code tokenizer.}; values are texts, flags, Integers, lists of texts,
     * {@code int[]} and {@code float[]}.
     *
     * @param folder holds {@code tokenizer.json} and what {@link Tokenizer#open} reads beside it
     * @param rows of the model's embedding; ids that the tokenizer lacks are filled up
     * @throws LiftException where GGUF has no name for this kind of tokenizer, or a file is missing or damaged
     */
    public static SequencedMap<String, Object> of(Path folder, int rows) {
        return new GgufVocabulary(folder, rows).metadata();
    }

    private JsonNode parsed() {
        try {
            return JSON.readTree(parts.json());
        } catch (JsonProcessingException e) {
            throw new LiftException("The tokenizer.json in " + folder + " is damaged; download the model again.", e);
        }
    }

    private void read() {
        json.at("/model/vocab")
                .properties()
                .forEach(entry -> put(
                        entry.getValue().asInt(),
                        entry.getKey(),
                        BYTE_TOKEN.matcher(entry.getKey()).matches() ? GgufTokenizer.BYTE : GgufTokenizer.NORMAL));
        for (JsonNode added : json.path("added_tokens")) {
            boolean special = added.path("special").asBoolean();
            put(
                    added.path("id").asInt(),
                    added.path("content").asText(),
                    special ? GgufTokenizer.CONTROL : GgufTokenizer.USER_DEFINED);
        }
        for (int id = 0; id < tokens.length; id++) {
            if (types[id] == 0) {
                put(id, "[PAD" + id + "]", GgufTokenizer.UNUSED);
            }
        }
    }

    private void put(int id, String token, int type) {
        if (id >= tokens.length) {
            throw new LiftException("The tokenizer in " + folder + " has the id " + id + " but the model only "
                    + tokens.length + " embeddings; download the model again.");
        }
        tokens[id] = token;
        types[id] = type;
        ids.put(token, id);
    }

    private SequencedMap<String, Object> metadata() {
        boolean bytes = json.at("/model/byte_fallback").asBoolean();
        if (!json.at("/model/type").asText().equals("BPE")) {
            throw unknown("is not made of byte pairs");
        }
        if (bytes) {
            sentencePiece();
        } else {
            byteLevel();
        }
        metadata.put(PREFIX + "tokens", List.of(tokens));
        metadata.put(PREFIX + "token_type", types);
        specialTokens();
        parts.chatTemplate().ifPresent(template -> metadata.put("tokenizer.chat_template", template));
        return metadata;
    }

    private void byteLevel() {
        metadata.put(PREFIX + "model", "gpt2");
        metadata.put(
                PREFIX + "pre",
                PreTokenizers.nameOf(json).orElseThrow(() -> unknown("splits text in a way of its own")));
        List<String> merges = new ArrayList<>();
        for (JsonNode merge : json.at("/model/merges")) {
            merges.add(left(merge) + " " + right(merge));
        }
        metadata.put(PREFIX + "merges", merges);
    }

    /** SentencePiece merges by score; the order of the merges is that of the scores they once were made from. */
    private void sentencePiece() {
        metadata.put(PREFIX + "model", "llama");
        metadata.put(PREFIX + "pre", "default");
        metadata.put(PREFIX + "add_space_prefix", addsSpace());
        float[] scores = new float[tokens.length];
        Arrays.fill(scores, UNMADE);
        int rank = 0;
        for (JsonNode merge : json.at("/model/merges")) {
            Integer id = ids.get(left(merge) + right(merge));
            if (id != null && scores[id] == UNMADE) {
                scores[id] = -rank;
            }
            rank++;
        }
        metadata.put(PREFIX + "scores", scores);
        Integer unknown = ids.get(json.at("/model/unk_token").asText());
        if (unknown != null) {
            types[unknown] = GgufTokenizer.UNKNOWN;
        }
    }

    /** Whether a space is put before a text, as older files say in the normaliser and newer ones in the splitter. */
    private boolean addsSpace() {
        JsonNode splitter = json.path("pre_tokenizer");
        if (splitter.path("type").asText().equals("Metaspace")
                && !splitter.path("split").asBoolean(true)) {
            return !splitter.path("prepend_scheme").asText().equals("never");
        }
        if (!splitter.isNull()) {
            throw unknown("splits text in a way of its own");
        }
        JsonNode first = json.at("/normalizer/normalizers/0");
        return first.path("type").asText().equals("Prepend");
    }

    private void specialTokens() {
        parts.specialTokens().forEach((role, token) -> {
            if (ROLES.containsKey(role) && ids.containsKey(token)) {
                metadata.put(PREFIX + ROLES.get(role), Objects.requireNonNull(ids.get(token)));
            }
        });
        List<Integer> stops = new ArrayList<>(parts.stopIds());
        stops.remove(metadata.get(PREFIX + "eos_token_id"));
        Iterator<Integer> others = stops.iterator();
        for (String key : List.of("eos_token_id", "eot_token_id", "eom_token_id")) {
            if (!metadata.containsKey(PREFIX + key) && others.hasNext()) {
                metadata.put(PREFIX + key, others.next());
            }
        }
        try (Tokenizer tokenizer = Tokenizer.open(folder)) {
            metadata.put(PREFIX + "add_bos_token", tokenizer.addsBos());
        }
    }

    private static String left(JsonNode merge) {
        return merge.isArray() ? merge.get(0).asText() : merge.asText().substring(0, space(merge));
    }

    private static String right(JsonNode merge) {
        return merge.isArray() ? merge.get(1).asText() : merge.asText().substring(space(merge) + 1);
    }

    private static int space(JsonNode merge) {
        return merge.asText().indexOf(' ', 1);
    }

    private LiftException unknown(String how) {
        return new LiftException("The tokenizer in " + folder + " " + how
                + ", for which lift4j knows no name in GGUF: export safetensors and convert them with llama.cpp's"
                + " convert_hf_to_gguf.py.");
    }
}
