package io.github.lift4j.engine.tokenizer;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import io.github.lift4j.engine.LiftException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.OptionalInt;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;

/** What Java needs to know of a {@code tokenizer.json}; the Rust library reads the rest. Immutable. */
final class TokenizerFile {

    private static final ObjectMapper JSON = new ObjectMapper();

    /** Larger ids than any vocabulary; a file that has one is damaged, and must not make us reserve its size. */
    private static final int MAX_ID = 1 << 24;

    private final @Nullable String[] pieces;
    private final List<AddedToken> added;
    private final JsonNode normalizer;
    private final JsonNode preTokenizer;
    private final JsonNode decoder;

    private TokenizerFile(
            @Nullable String[] pieces,
            List<AddedToken> added,
            JsonNode normalizer,
            JsonNode preTokenizer,
            JsonNode decoder) {
        this.pieces = pieces;
        this.added = added;
        this.normalizer = normalizer;
        this.preTokenizer = preTokenizer;
        this.decoder = decoder;
    }

    static TokenizerFile parse(String json, String origin) {
        try (JsonParser parser = JSON.createParser(json)) {
            return read(parser);
        } catch (IOException | IllegalArgumentException e) {
            throw new LiftException(
                    "The tokenizer.json of %s is damaged (%s); download the model again"
                            .formatted(origin, e.getMessage()),
                    e);
        }
    }

    private static TokenizerFile read(JsonParser parser) throws IOException {
        Pieces pieces = new Pieces();
        List<AddedToken> added = List.of();
        JsonNode normalizer = MissingNode.getInstance();
        JsonNode preTokenizer = MissingNode.getInstance();
        JsonNode decoder = MissingNode.getInstance();
        expect(parser.nextToken() == JsonToken.START_OBJECT, "it is not a JSON object");
        for (String field = parser.nextFieldName(); field != null; field = parser.nextFieldName()) {
            parser.nextToken();
            switch (field) {
                case "added_tokens" -> added = readAdded(parser.readValueAsTree());
                case "normalizer" -> normalizer = parser.readValueAsTree();
                case "pre_tokenizer" -> preTokenizer = parser.readValueAsTree();
                case "decoder" -> decoder = parser.readValueAsTree();
                case "model" -> readModel(parser, pieces);
                default -> parser.skipChildren();
            }
        }
        expect(pieces.size > 0, "it has no vocabulary");
        added.forEach(token -> pieces.put(token.id(), token.content()));
        return new TokenizerFile(pieces.toArray(), added, normalizer, preTokenizer, decoder);
    }

    /** Skips the merges, the larger part of the file. */
    private static void readModel(JsonParser parser, Pieces pieces) throws IOException {
        expect(parser.currentToken() == JsonToken.START_OBJECT, "its model is not a JSON object");
        for (String field = parser.nextFieldName(); field != null; field = parser.nextFieldName()) {
            JsonToken value = parser.nextToken();
            if (field.equals("vocab") && value == JsonToken.START_OBJECT) {
                for (String piece = parser.nextFieldName(); piece != null; piece = parser.nextFieldName()) {
                    parser.nextToken();
                    pieces.put(parser.getIntValue(), piece);
                }
            } else if (field.equals("vocab") && value == JsonToken.START_ARRAY) {
                for (int id = 0; parser.nextToken() == JsonToken.START_ARRAY; id++) {
                    pieces.put(id, parser.nextTextValue());
                    while (parser.nextToken() != JsonToken.END_ARRAY) {
                        parser.skipChildren();
                    }
                }
            } else {
                parser.skipChildren();
            }
        }
    }

    private static List<AddedToken> readAdded(JsonNode array) {
        return StreamSupport.stream(array.spliterator(), false)
                .map(token -> new AddedToken(
                        token.path("id").asInt(-1),
                        token.path("content").asText(),
                        token.path("special").asBoolean()))
                .filter(token -> !token.content().isEmpty())
                .toList();
    }

    private static void expect(boolean condition, String otherwise) {
        if (!condition) {
            throw new IllegalArgumentException(otherwise);
        }
    }

    /** The texts of all tokens in the tokenizer's own alphabet. */
    List<String> pieces() {
        return Arrays.stream(pieces).filter(Objects::nonNull).toList();
    }

    /** The tokens looked for before anything else. */
    List<AddedToken> added() {
        return added;
    }

    /** The steps that normalise a text, in order. */
    List<JsonNode> normalizers() {
        return parts(normalizer);
    }

    /** The steps that split a text, in order. */
    List<JsonNode> preTokenizers() {
        return parts(preTokenizer);
    }

    /** One more than the largest id. */
    int size() {
        return pieces.length;
    }

    /** The id of a token by its exact text, in the tokenizer's own alphabet. */
    OptionalInt id(String token) {
        for (AddedToken candidate : added) {
            if (candidate.content().equals(token)) {
                return OptionalInt.of(candidate.id());
            }
        }
        int id = Arrays.asList(pieces).indexOf(token);
        return id < 0 ? OptionalInt.empty() : OptionalInt.of(id);
    }

    /** Whether there is such an id. */
    boolean has(int id) {
        return id >= 0 && id < pieces.length && pieces[id] != null;
    }

    /** Whether an id is a control token, which decoding can leave out. */
    boolean isSpecial(int id) {
        return added.stream().anyMatch(token -> token.special() && token.id() == id);
    }

    /** Whether a token is looked for before anything else, and written as it is. */
    boolean isAdded(int id) {
        return added.stream().anyMatch(token -> token.id() == id);
    }

    /** Whether a token stands for one byte ({@code <0x0A>}), as SentencePiece vocabularies write unknown text. */
    boolean isByteToken(int id) {
        String piece = pieces[id];
        return piece != null && piece.length() == 6 && piece.startsWith("<0x") && piece.endsWith(">");
    }

    /** Whether the letters of tokens stand for bytes. */
    boolean isByteLevel() {
        return parts(decoder).stream()
                .anyMatch(step -> step.path("type").asText().equals("ByteLevel"));
    }

    /** A token in the tokenizer's own alphabet. */
    String piece(int id) {
        return Objects.requireNonNull(pieces[id]);
    }

    /** A list that is filled in any order. */
    private static final class Pieces {
        private @Nullable String[] byId = new String[1 << 15];
        private int size;

        void put(int id, @Nullable String piece) {
            expect(id >= 0 && id < MAX_ID, "it has the token id " + id);
            if (id >= byId.length) {
                byId = Arrays.copyOf(byId, Math.max(id + 1, byId.length * 2));
            }
            byId[id] = piece;
            size = Math.max(size, id + 1);
        }

        @Nullable
        String[] toArray() {
            return Arrays.copyOf(byId, size);
        }
    }

    /** A step by itself, or the steps of a sequence. */
    private static List<JsonNode> parts(JsonNode step) {
        if (!step.isObject()) {
            return List.of();
        }
        for (String inner : List.of("normalizers", "pretokenizers", "decoders")) {
            if (step.has(inner)) {
                List<JsonNode> parts = new ArrayList<>();
                step.get(inner).forEach(part -> parts.addAll(parts(part)));
                return parts;
            }
        }
        return List.of(step);
    }
}
