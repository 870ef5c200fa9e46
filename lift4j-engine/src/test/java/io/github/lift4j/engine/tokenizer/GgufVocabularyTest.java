package io.github.lift4j.engine.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.lift4j.engine.LiftException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tokenizers that were written for GGUF, or out of it for Hugging Face, and read again. */
class GgufVocabularyTest {

    private static final int ROWS = 700;

    private static List<Tokenizer> originals = List.of();
    private static List<Tokenizer> rebuilt = List.of();

    @TempDir
    private Path folder;

    @BeforeContainer
    static void open() {
        originals = List.of(Samples.open("byte_level"), Samples.open("sentencepiece"));
        rebuilt = List.of(
                Tokenizer.fromGguf(GgufVocabulary.of(Samples.folder("byte_level"), ROWS)),
                Tokenizer.fromGguf(GgufVocabulary.of(Samples.folder("sentencepiece"), ROWS)));
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

    @Property(tries = 300)
    void aGgufTokenizerGivesTheSameIds(@ForAll("texts") String text) {
        for (int i = 0; i < originals.size(); i++) {
            assertThat(rebuilt.get(i).encode(text)).isEqualTo(originals.get(i).encode(text));
        }
    }

    @Test
    void whatStandsAroundTextsIsKept() {
        for (int i = 0; i < originals.size(); i++) {
            assertThat(rebuilt.get(i).stopIds()).isEqualTo(originals.get(i).stopIds());
            assertThat(rebuilt.get(i).bos()).isEqualTo(originals.get(i).bos());
            assertThat(rebuilt.get(i).addsBos()).isEqualTo(originals.get(i).addsBos());
            assertThat(rebuilt.get(i).chatTemplate().isPresent())
                    .isEqualTo(originals.get(i).chatTemplate().isPresent());
        }
        Map<String, Object> metadata = GgufVocabulary.of(Samples.folder("byte_level"), ROWS);
        assertThat(metadata).containsEntry("tokenizer.ggml.pre", "smollm");
        assertThat((List<?>) metadata.get("tokenizer.ggml.tokens"))
                .hasSize(ROWS)
                .last()
                .isEqualTo("[PAD699]");
    }

    @Test
    void huggingFacesFilesSayTheSameAsTheMetadata() throws IOException {
        String text = "The storm of 1847: <s> naïve  über.";
        for (int i = 0; i < originals.size(); i++) {
            Path files = Files.createDirectory(folder.resolve("t" + i));
            TokenizerFiles.write(
                    GgufVocabulary.of(
                            Samples.folder(
                                    List.of("byte_level", "sentencepiece").get(i)),
                            ROWS),
                    files);
            try (Tokenizer read = Tokenizer.open(files)) {
                assertThat(read.encode(text)).isEqualTo(originals.get(i).encode(text));
                assertThat(read.addsBos()).isEqualTo(originals.get(i).addsBos());
                assertThat(read.bos()).isEqualTo(originals.get(i).bos());
            }
        }
    }

    @Test
    void aTokenizerOfAnotherKindIsRefused() {
        assertThatThrownBy(() -> GgufVocabulary.of(Samples.folder("unigram"), ROWS))
                .isInstanceOf(LiftException.class)
                .hasMessageContaining("not made of byte pairs")
                .hasMessageContaining("convert_hf_to_gguf.py");
        assertThatThrownBy(() -> GgufVocabulary.of(Samples.folder("regex"), ROWS))
                .isInstanceOf(LiftException.class)
                .hasMessageContaining("splits text in a way of its own");
        assertThatThrownBy(() -> GgufVocabulary.of(Samples.folder("byte_level"), 100))
                .isInstanceOf(LiftException.class)
                .hasMessageContaining("only 100 embeddings");
    }

    @Test
    void llamaThreesTokenizerIsKnownByItsPattern() throws IOException {
        for (String file : List.of("tokenizer.json", "special_tokens_map.json", "chat_template.jinja")) {
            Files.copy(Samples.folder("regex").resolve(file), folder.resolve(file));
        }
        Path json = folder.resolve("tokenizer.json");
        String text = Files.readString(json);
        Files.writeString(json, text.replaceFirst("\"normalizer\": *\\{[^}]*}", "\"normalizer\": null"));
        assertThat(GgufVocabulary.of(folder, ROWS))
                .containsEntry("tokenizer.ggml.pre", "llama-bpe")
                .containsEntry("tokenizer.ggml.add_bos_token", true);
    }
}
