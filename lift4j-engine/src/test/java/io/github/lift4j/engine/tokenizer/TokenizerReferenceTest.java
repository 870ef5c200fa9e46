package io.github.lift4j.engine.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.lift4j.engine.Reference;
import io.github.lift4j.engine.weights.Gguf;
import java.io.IOException;
import java.io.StringReader;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The default model's tokenizer, rebuilt from its GGUF file, against what HF transformers gave. */
@Tag("real")
class TokenizerReferenceTest {

    private static Tokenizer tokenizer;

    @BeforeAll
    static void open() {
        try (Gguf file = Gguf.open(Reference.modelFile())) {
            tokenizer = Tokenizer.fromGguf(file.metadata().asMap());
        }
    }

    @AfterAll
    static void close() {
        tokenizer.close();
    }

    @Test
    void textsBecomeTheReferenceIdsAndBack() throws IOException {
        for (JsonNode sample : Reference.values("tokenize")) {
            String text = sample.get("text").asText();
            int[] ids = Reference.ids(sample.get("ids"));
            assertThat(tokenizer.encode(text)).as(text).isEqualTo(ids);
            assertThat(tokenizer.decode(ids)).isEqualTo(text);
        }
    }

    @Test
    void conversationsBecomeTheReferencePromptsAndIds() throws IOException {
        for (JsonNode sample : Reference.values("chat")) {
            List<Message> messages = new ArrayList<>();
            sample.get("messages")
                    .forEach(m -> messages.add(
                            new Message(m.get("role").asText(), m.get("content").asText())));
            String prompt = tokenizer
                    .requireChatTemplate()
                    .render(messages, sample.get("add_generation_prompt").asBoolean());
            assertThat(prompt).isEqualTo(sample.get("text").asText());
            assertThat(tokenizer.encode(prompt)).isEqualTo(Reference.ids(sample.get("ids")));
        }
    }

    @Test
    void referenceTextsStreamedInSmallWindowsGiveTheSameIds() throws IOException {
        StringBuilder all = new StringBuilder();
        for (int i = 0; i < 20; i++) {
            for (JsonNode sample : Reference.values("tokenize")) {
                all.append(sample.get("text").asText()).append(i % 2 == 0 ? "\n" : " ");
            }
        }
        List<int[]> parts = new ArrayList<>();
        TokenStream.of(tokenizer, 200, 16).encode(new StringReader(all.toString()), parts::add);
        assertThat(parts).hasSizeGreaterThan(10);
        assertThat(parts.stream().flatMapToInt(Arrays::stream).toArray()).isEqualTo(tokenizer.encode(all.toString()));
    }

    @Test
    void aTurnEndsAText() {
        assertThat(tokenizer.size()).isEqualTo(49_152);
        assertThat(tokenizer.bos()).hasValue(1);
        assertThat(tokenizer.addsBos()).isFalse();
        assertThat(tokenizer.stopIds()).containsExactly(2);
    }
}
