package io.github.lift4j.prompt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.lift4j.document.TokenFile;
import io.github.lift4j.engine.LiftException;
import io.github.lift4j.engine.model.LanguageModel;
import io.github.lift4j.engine.runtime.ComputeDevice;
import io.github.lift4j.engine.runtime.ComputeType;
import io.github.lift4j.engine.tokenizer.Message;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the tiny model reads, whose template writes {@code <role>content} and a line's end for each message. */
class PromptLayoutTest {

    private static final Path TINY = Path.of("src/test/resources/tiny");
    private static final Frame FRAME = new Frame("You sort.", " Read this. \n");
    private static final ObjectMapper MAPPER = new ObjectMapper();
    private static final String AFTER = "\nQuestion: Whose boat?\nAnswer: ";

    @TempDir
    private Path folder;

    @Test
    void aFrameStandsAroundTheDocumentLetterForLetter() {
        assertThat(read(TINY, FRAME, "Ada's boat."))
                .isEqualTo("<system>You sort.\n<user> Read this. \nAda's boat." + AFTER + "\n<assistant>");
        assertThat(read(TINY, new Frame("", "Read: "), "Ada's boat."))
                .isEqualTo("<user>Read: Ada's boat." + AFTER + "\n<assistant>");
    }

    @Test
    void aLongDocumentIsCutInTheMiddleOfItsFrame() {
        String days = "On day 1 they sailed. ".repeat(200);
        assertThat(read(TINY, FRAME, "First of all. " + days + "Home at last."))
                .startsWith("<system>You sort.\n<user> Read this. \nFirst of all. On day 1")
                .contains("\n\n[...]\n\n")
                .endsWith("Home at last." + AFTER + "\n<assistant>");
        Frame endless = new Frame("", "Read with care. ".repeat(100));
        assertThatThrownBy(() -> read(TINY, endless, days))
                .isInstanceOf(LiftException.class)
                .hasMessageContaining("no room");
    }

    @Test
    void aTemplateThatHasNoPlaceForASystemMessageHasItInTheUsersTurn() throws IOException {
        String refusing = "{% for m in messages %}{% if m.role == 'system' %}{{ raise_exception('No system here') }}"
                + "{% endif %}[{{ m.content }}]{% endfor %}";
        String passingOver = "{% for m in messages %}{% if m.role == 'user' %}[{{ m.content }}]{% endif %}{% endfor %}";
        String putsInFront = "{% for m in messages %}{% if m.role == 'user' %}[{{ messages[0].content }}|{{ m.content"
                + " }}]{% endif %}{% endfor %}";
        String inFront = "You sort.\n\n Read this. \nAda's boat." + AFTER;
        assertThat(read(templated("refusing", refusing), FRAME, "Ada's boat.")).isEqualTo("[" + inFront + "]");
        assertThat(read(templated("passing", passingOver), FRAME, "Ada's boat."))
                .isEqualTo("[" + inFront + "]");
        assertThat(read(templated("front", putsInFront), FRAME, "Ada's boat."))
                .isEqualTo("[" + inFront.replace("sort.\n\n", "sort.|") + "]");
        assertThatThrownBy(() -> read(templated("broken", "{{ raise_exception('Never') }}"), FRAME, "Ada's boat."))
                .isInstanceOf(LiftException.class)
                .hasMessageContaining("Never");
    }

    @Test
    void aConversationGoesOnBehindTheQuestion() {
        try (LanguageModel model = load(TINY);
                TokenFile tokens = tokens(model, "Ada's boat.")) {
            PromptLayout layout = PromptLayout.of(model, UserTurn.of(model, "You sort."), "Boats", false, false);
            int[] prefix = layout.prefix(tokens, 8, Integer.MAX_VALUE);
            int[] suffix = layout.suffix(
                    "Whose boat?", List.of(), List.of(Message.assistant("Ada's."), Message.user("And the oars?")));
            assertThat(model.tokenizer().decode(prefix) + model.tokenizer().decode(suffix))
                    .isEqualTo("<system>You sort.\n<user>Answer this question about \"Boats\" in a few words.\n\n"
                            + "Whose boat?\n<assistant>Ada's.\n<user>And the oars?\n<assistant>");
        }
    }

    private static LanguageModel load(Path weights) {
        return LanguageModel.load("tiny", weights, ComputeDevice.parse("cpu"), ComputeType.FLOAT32);
    }

    private String read(Path weights, Frame frame, String text) {
        try (LanguageModel model = load(weights);
                TokenFile tokens = tokens(model, text)) {
            PromptLayout layout = PromptLayout.of(model, frame);
            int[] suffix = layout.suffix(AFTER, List.of());
            int[] prefix = layout.prefix(tokens, suffix.length + 8, Integer.MAX_VALUE);
            assertThat(prefix.length + suffix.length).isLessThanOrEqualTo(model.window() - 8);
            return model.tokenizer().decode(prefix) + model.tokenizer().decode(suffix);
        }
    }

    private TokenFile tokens(LanguageModel model, String text) {
        try (TokenFile.Writer writer = TokenFile.create(folder.resolve("tokens"))) {
            writer.append(model.tokenizer().encode(text));
            return writer.finish();
        }
    }

    /** The tiny model with another chat template. */
    private Path templated(String name, String template) throws IOException {
        Path copy = Files.createDirectory(folder.resolve(name));
        try (Stream<Path> files = Files.list(TINY)) {
            for (Path file : files.toList()) {
                Files.copy(file, copy.resolve(file.getFileName()));
            }
        }
        ObjectNode config = MAPPER.createObjectNode().put("chat_template", template);
        Files.writeString(copy.resolve("tokenizer_config.json"), MAPPER.writeValueAsString(config));
        return copy;
    }
}
