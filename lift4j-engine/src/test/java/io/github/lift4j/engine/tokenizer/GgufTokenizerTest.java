package io.github.lift4j.engine.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.lift4j.engine.LiftException;
import java.text.Normalizer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;
import org.junit.jupiter.api.Test;

/** A tokenizer that went into a GGUF file's metadata, as converters write it, and came out again. */
class GgufTokenizerTest {

    private static List<Tokenizer> originals = List.of();
    private static List<Tokenizer> rebuilt = List.of();

    @BeforeContainer
    static void open() {
        originals = List.of(Samples.open("byte_level"), Samples.open("regex"), Samples.open("sentencepiece"));
        rebuilt = List.of(
                Tokenizer.fromGguf(byteLevel("byte_level", "smollm")),
                Tokenizer.fromGguf(byteLevel("regex", "llama-bpe")),
                Tokenizer.fromGguf(sentencePiece()));
    }

    @AfterContainer
    static void close() {
        originals.forEach(Tokenizer::close);
        rebuilt.forEach(Tokenizer::close);
    }

    @Provide
    Arbitrary<String> texts() {
        return Samples.texts();
    }

    @Property(tries = 500)
    void itGivesTheSameIdsAndTexts(@ForAll("texts") String text) {
        for (int i = 0; i < originals.size(); i++) {
            // Llama 3 does not compose; the sample does.
            String given = i == 1 ? Normalizer.normalize(text, Normalizer.Form.NFC) : text;
            int[] ids = originals.get(i).encode(given);
            assertThat(rebuilt.get(i).encode(given)).as("tokenizer %d", i).isEqualTo(ids);
            assertThat(rebuilt.get(i).decode(ids)).isEqualTo(originals.get(i).decode(ids));
        }
    }

    @Test
    void itKnowsWhereATextBeginsAndEnds() {
        Map<String, Object> metadata = byteLevel("byte_level", "smollm");
        metadata.put("tokenizer.ggml.bos_token_id", 1);
        metadata.put("tokenizer.ggml.eos_token_id", 0L);
        metadata.put("tokenizer.chat_template", "{{ bos_token }}{{ messages[0].content }}<|im_end|>");
        try (Tokenizer tokenizer = Tokenizer.fromGguf(metadata)) {
            assertThat(tokenizer.bos()).hasValue(1);
            assertThat(tokenizer.addsBos()).isFalse();
            assertThat(tokenizer.stopIds())
                    .as("the end of the text, and of a turn")
                    .containsExactly(0, 2);
            assertThat(tokenizer.size()).isEqualTo(420);
            assertThat(tokenizer.requireChatTemplate().render(List.of(Message.user("hi")), true))
                    .isEqualTo("<|im_start|>hi<|im_end|>");
        }
        metadata.put("tokenizer.ggml.add_bos_token", true);
        try (Tokenizer tokenizer = Tokenizer.fromGguf(metadata)) {
            assertThat(tokenizer.addsBos()).isTrue();
        }
    }

    @Test
    void aFamilyAddsItsBeginOfTextUnlessTheFileSaysOtherwise() {
        Map<String, Object> metadata = sentencePiece();
        try (Tokenizer tokenizer = Tokenizer.fromGguf(metadata)) {
            assertThat(tokenizer.addsBos()).isTrue();
        }
        metadata.put("tokenizer.ggml.add_bos_token", false);
        try (Tokenizer tokenizer = Tokenizer.fromGguf(metadata)) {
            assertThat(tokenizer.addsBos()).isFalse();
        }
    }

    @Test
    void withoutASpaceBeforeTheTextNoneIsAddedOrTaken() {
        Map<String, Object> metadata = sentencePiece();
        metadata.put("tokenizer.ggml.add_space_prefix", false);
        try (Tokenizer tokenizer = Tokenizer.fromGguf(metadata)) {
            assertThat(tokenizer.decode(tokenizer.encode("the storm"))).isEqualTo("the storm");
            assertThat(tokenizer.decode(tokenizer.encode(" the storm"))).isEqualTo(" the storm");
            assertThat(tokenizer.encode(" the")).isNotEqualTo(tokenizer.encode("the"));
        }
    }

    @Test
    void qwenComposesAndSplitsDigits() {
        Map<String, Object> metadata = byteLevel("regex", "qwen2");
        try (Tokenizer tokenizer = Tokenizer.fromGguf(metadata)) {
            assertThat(tokenizer.encode("cafe\u0301")).isEqualTo(tokenizer.encode("caf\u00e9"));
            assertThat(tokenizer.encode("1887")).hasSize(4);
        }
    }

    @Test
    void whatIsUnknownOrDamagedIsRefused() {
        refused("tokenizer.ggml.model", "bert", "'bert'");
        refused("tokenizer.ggml.model", null, "damaged");
        refused("tokenizer.ggml.pre", "some-new-one", "some-new-one");
        refused("tokenizer.ggml.tokens", List.of(), "no vocabulary");
        refused("tokenizer.ggml.tokens", null, "no vocabulary");
        refused("tokenizer.ggml.merges", List.of("oneword"), "'oneword'");
        refused("tokenizer.ggml.merges", List.of("not there"), "GGUF file");
        Map<String, Object> metadata = sentencePiece();
        metadata.put("tokenizer.ggml.scores", new float[] {1, 2});
        assertThatThrownBy(() -> Tokenizer.fromGguf(metadata))
                .isInstanceOf(LiftException.class)
                .hasMessageContaining("2 scores");
    }

    private static void refused(String key, Object value, String because) {
        Map<String, Object> metadata = byteLevel("byte_level", "smollm");
        metadata.put(key, value);
        assertThatThrownBy(() -> Tokenizer.fromGguf(metadata))
                .isInstanceOf(LiftException.class)
                .hasMessageContaining(because);
    }

    private static Map<String, Object> byteLevel(String sample, String pre) {
        JsonNode json = json(sample);
        Map<String, Object> metadata = vocabulary(json);
        metadata.put("tokenizer.ggml.model", "gpt2");
        metadata.put("tokenizer.ggml.pre", pre);
        List<String> merges = new ArrayList<>();
        for (JsonNode merge : json.get("model").get("merges")) {
            merges.add(merge.get(0).asText() + " " + merge.get(1).asText());
        }
        metadata.put("tokenizer.ggml.merges", merges);
        return metadata;
    }

    /** The scores are the training order, as SentencePiece gives them; the lists are primitive arrays. */
    private static Map<String, Object> sentencePiece() {
        JsonNode json = json("sentencepiece");
        Map<String, Object> metadata = vocabulary(json);
        metadata.put("tokenizer.ggml.model", "llama");
        metadata.put("tokenizer.ggml.bos_token_id", 1L);
        metadata.put("tokenizer.ggml.eos_token_id", 2L);
        metadata.put("tokenizer.ggml.unknown_token_id", 0L);
        List<?> tokens = (List<?>) metadata.get("tokenizer.ggml.tokens");
        float[] scores = new float[tokens.size()];
        for (int id = 259; id < scores.length; id++) {
            scores[id] = 259 - id;
        }
        metadata.put("tokenizer.ggml.scores", scores);
        return metadata;
    }

    private static Map<String, Object> vocabulary(JsonNode json) {
        Map<Integer, String> byId = new HashMap<>();
        json.get("model")
                .get("vocab")
                .properties()
                .forEach(e -> byId.put(e.getValue().asInt(), e.getKey()));
        json.get("added_tokens")
                .forEach(t -> byId.put(t.get("id").asInt(), t.get("content").asText()));
        String[] tokens = new String[byId.size()];
        byId.forEach((id, token) -> tokens[id] = token);
        int[] types = new int[tokens.length];
        Arrays.fill(types, 1);
        for (int id = 0; id < types.length; id++) {
            types[id] = tokens[id].matches("<0x[0-9A-F]{2}>") ? 6 : 1;
        }
        json.get("added_tokens")
                .forEach(t -> types[t.get("id").asInt()] = t.get("special").asBoolean() ? 3 : 4);
        Map<String, Object> metadata = new HashMap<>();
        metadata.put("tokenizer.ggml.tokens", List.of(tokens));
        metadata.put("tokenizer.ggml.token_type", types);
        return metadata;
    }

    private static JsonNode json(String sample) {
        try {
            return new ObjectMapper().readTree(Samples.resource(sample + "/tokenizer.json"));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }
}
