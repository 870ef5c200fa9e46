package io.github.lift4j.engine.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.lift4j.engine.LiftException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class TokenizerTest {

    @ParameterizedTest(name = "{0}: {1}")
    @MethodSource("expectedIds")
    void idsAreThoseOfThePythonPackage(String tokenizer, String text, int[] ids) {
        try (Tokenizer opened = Samples.open(tokenizer)) {
            assertThat(opened.encode(text)).isEqualTo(ids);
        }
    }

    static Stream<Arguments> expectedIds() throws IOException {
        List<Arguments> cases = new ArrayList<>();
        ObjectMapper json = new ObjectMapper();
        for (JsonNode c : json.readTree(Samples.resource("expected.json"))) {
            cases.add(Arguments.of(
                    c.get("tokenizer").asText(), c.get("text").asText(), json.convertValue(c.get("ids"), int[].class)));
        }
        return cases.stream();
    }

    @Test
    void aByteLevelTokenizerGivesItsTextBack() {
        String text = "naïve 日本語 🙂 ½\r\n\ttabs  and <|im_end|> \u0000";
        try (Tokenizer tokenizer = Samples.open("byte_level")) {
            assertThat(tokenizer.decode(tokenizer.encode(text))).isEqualTo(text);
            assertThat(tokenizer.decode(tokenizer.encode("a<|im_end|>b"), true)).isEqualTo("ab");
        }
    }

    @Test
    void neitherTruncationNorPaddingOfTheFileTouchesADocument() {
        try (Tokenizer tokenizer = Samples.open("byte_level")) {
            assertThat(tokenizer.encode("a")).hasSize(1);
            assertThat(tokenizer.encode("a b c d e f g h i j k l m n o p")).hasSizeGreaterThan(15);
        }
    }

    @Test
    void theFolderSaysWhereATextBeginsAndEnds() {
        try (Tokenizer bytes = Samples.open("byte_level");
                Tokenizer regex = Samples.open("regex");
                Tokenizer pieces = Samples.open("sentencepiece");
                Tokenizer unigram = Samples.open("unigram")) {
            assertThat(bytes.bos()).hasValue(1);
            assertThat(bytes.addsBos()).as("no file says so").isFalse();
            assertThat(bytes.stopIds()).containsExactly(0, 2);
            assertThat(bytes.size()).isEqualTo(420);

            assertThat(regex.bos()).isEqualTo(regex.id("<|begin_of_text|>")).isPresent();
            assertThat(regex.addsBos()).as("its post-processor adds it").isTrue();
            assertThat(regex.stopIds())
                    .as("the end of the text, and of a turn in its template")
                    .containsExactlyInAnyOrder(
                            regex.id("<|end_of_text|>").orElseThrow(),
                            regex.id("<|eot_id|>").orElseThrow());

            assertThat(pieces.addsBos()).as("its configuration says so").isTrue();
            assertThat(unigram.bos()).isEmpty();
            assertThat(unigram.addsBos()).isFalse();
        }
    }

    @Test
    void aChatTemplateIsFoundInEachPlaceThatHoldsOne() {
        List<Message> hi = List.of(Message.user("hi"));
        try (Tokenizer named = Samples.open("byte_level");
                Tokenizer inItsFile = Samples.open("regex");
                Tokenizer inJson = Samples.open("sentencepiece")) {
            assertThat(named.requireChatTemplate().render(hi, true))
                    .isEqualTo("<|im_start|>user\nhi<|im_end|>\n<|im_start|>assistant\n");
            assertThat(inItsFile.requireChatTemplate().render(hi, true)).isEqualTo("<|begin_of_text|>hi<|eot_id|>");
            assertThat(inJson.requireChatTemplate().render(hi, true)).isEqualTo("<s>hi");
        }
    }

    @Test
    void aModelWithoutATemplateSaysSo() {
        try (Tokenizer tokenizer = Samples.open("unigram")) {
            assertThat(tokenizer.chatTemplate()).isEmpty();
            assertThatThrownBy(tokenizer::requireChatTemplate)
                    .isInstanceOf(LiftException.class)
                    .hasMessageContaining("no chat template");
        }
    }

    @Test
    void aFolderWithoutATokenizerIsNamed(@TempDir Path folder) throws IOException {
        assertThatThrownBy(() -> Tokenizer.open(folder))
                .isInstanceOf(LiftException.class)
                .hasMessageContaining(folder.toString())
                .hasMessageContaining("tokenizer.json");
        Files.writeString(folder.resolve("tokenizer.model"), "x");
        assertThatThrownBy(() -> Tokenizer.open(folder)).hasMessageContaining("tokenizer.model");
    }

    @Test
    void damagedFilesAreRefused(@TempDir Path folder) throws IOException {
        String whole = Samples.resource("byte_level/tokenizer.json");
        for (String damaged : List.of(
                "",
                "[]",
                "{}",
                "{\"model\": {}}",
                whole.substring(0, whole.length() / 2),
                whole.replace("\"BPE\"", "\"nosuch\""),
                "{\"model\": {\"vocab\": {\"a\": 2000000000}}}",
                "{\"model\": {\"vocab\": {\"a\": -1}}}",
                "{\"model\": {\"vocab\": {\"a\": \"b\"}}}")) {
            Files.writeString(folder.resolve("tokenizer.json"), damaged);
            assertThatThrownBy(() -> Tokenizer.open(folder)).as(damaged).isInstanceOf(LiftException.class);
        }
        Files.write(folder.resolve("tokenizer.json"), new byte[] {(byte) 0xFF, (byte) 0xFE, 0});
        assertThatThrownBy(() -> Tokenizer.open(folder))
                .isInstanceOf(LiftException.class)
                .hasMessageContaining("not text");
        Files.writeString(folder.resolve("tokenizer.json"), whole);
        Files.writeString(folder.resolve("tokenizer_config.json"), "{\"bos_token\":");
        assertThatThrownBy(() -> Tokenizer.open(folder))
                .isInstanceOf(LiftException.class)
                .hasMessageContaining("tokenizer_config.json");
    }

    @Test
    void manyThreadsMayUseOneTokenizerAndClosingRefusesLaterCalls() {
        Tokenizer tokenizer = Samples.open("byte_level");
        int[] expected = tokenizer.encode("The storm of 1887 had taken the western stairs");
        assertThat(IntStream.range(0, 200)
                        .parallel()
                        .mapToObj(i -> tokenizer.encode("The storm of 1887 had taken the western stairs")))
                .allSatisfy(ids -> assertThat(ids).isEqualTo(expected));
        tokenizer.close();
        tokenizer.close();
        assertThatThrownBy(() -> tokenizer.encode("x"))
                .isInstanceOf(LiftException.class)
                .hasMessageContaining("closed");
    }

    @Test
    void halfASurrogatePairSpoilsNothingAroundIt() {
        try (Tokenizer tokenizer = Samples.open("byte_level")) {
            assertThat(tokenizer.decode(tokenizer.encode("🙂 a\ud83d b\ude42 🙂")))
                    .isEqualTo("🙂 a\uFFFD b\uFFFD 🙂");
        }
    }
}
