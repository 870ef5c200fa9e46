package io.github.lift4j.engine.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.lift4j.engine.LiftException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Against {@code chat/expected.json}, which {@code chat/render.py} made with Python's Jinja2 as transformers uses it. */
class ChatTemplateTest {

    private static final Clock NOW = Clock.fixed(Instant.parse("2025-03-07T12:00:00Z"), ZoneOffset.UTC);
    private static final Map<String, String> TOKENS = Map.of("bos_token", "<s>", "eos_token", "</s>");

    @ParameterizedTest(name = "{0} {1} {2}")
    @MethodSource("cases")
    void rendersWhatTransformersRenders(String template, JsonNode messages, boolean prompt, JsonNode expected)
            throws IOException {
        ChatTemplate chat = ChatTemplate.of(resource(template), TOKENS).withClock(NOW);
        List<Message> conversation = StreamSupport.stream(messages.spliterator(), false)
                .map(m -> new Message(m.get("role").asText(), m.get("content").asText()))
                .toList();
        if (expected.has("error")) {
            assertThatThrownBy(() -> chat.render(conversation, prompt))
                    .isInstanceOf(LiftException.class)
                    .hasMessageContaining(expected.get("error").asText());
        } else {
            assertThat(chat.render(conversation, prompt))
                    .isEqualTo(expected.get("text").asText());
        }
    }

    static Stream<Arguments> cases() throws IOException {
        List<Arguments> cases = new ArrayList<>();
        for (JsonNode c : new ObjectMapper().readTree(resource("expected.json"))) {
            cases.add(Arguments.of(
                    c.get("template").asText(),
                    c.get("messages"),
                    c.get("add_generation_prompt").asBoolean(),
                    c));
        }
        return cases.stream();
    }

    @Test
    void aBrokenTemplateIsRefusedWithItsLine() {
        ChatTemplate chat = ChatTemplate.of("a\n{{ messages[0].content.nosuchmethod() }}", Map.of());
        assertThatThrownBy(() -> chat.render(List.of(Message.user("x")), true))
                .isInstanceOf(LiftException.class)
                .hasMessageContaining("line 2");
    }

    @Test
    void anUnknownFilterIsRefusedNotPassedOver() {
        ChatTemplate chat = ChatTemplate.of("{{ '<|im_start|>' + messages[0].content | nosuchfilter }}", Map.of());
        assertThatThrownBy(() -> chat.render(List.of(Message.user("x")), true))
                .isInstanceOf(LiftException.class)
                .hasMessageContaining("'nosuchfilter'");
    }

    @Test
    void anUnclosedTagIsRefused() {
        ChatTemplate chat = ChatTemplate.of("{% for m in messages %}{{ m.role }}", Map.of());
        assertThatThrownBy(() -> chat.render(List.of(Message.user("x")), true)).isInstanceOf(LiftException.class);
    }

    @Test
    void anEmptyConversationIsRefused() {
        ChatTemplate chat = ChatTemplate.of("{{ messages[0].content }}", Map.of());
        assertThatThrownBy(() -> chat.render(List.of(), true))
                .isInstanceOf(LiftException.class)
                .hasMessageContaining("at least one message");
    }

    private static String resource(String name) throws IOException {
        try (InputStream in = ChatTemplateTest.class.getResourceAsStream("/chat/" + name)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
