package io.github.lift4j.engine.tokenizer;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.lift4j.engine.AtomicFile;
import io.github.lift4j.engine.LiftException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** Lays a tokenizer's files into a model folder, as Hugging Face transformers reads them. */
public final class TokenizerFiles {

    private static final List<String> NAMES = List.of(
            "tokenizer.json",
            "tokenizer.model",
            "tokenizer_config.json",
            "special_tokens_map.json",
            "added_tokens.json",
            "vocab.json",
            "merges.txt",
            "chat_template.jinja",
            "chat_template.json",
            "generation_config.json");

    private static final ObjectMapper JSON = new ObjectMapper();

    private TokenizerFiles() {}

    /** Copies those that a model's folder has; what a text's generation ends in belongs to them. */
    public static void copy(Path from, Path to) {
        for (String name : NAMES) {
            if (Files.isRegularFile(from.resolve(name))) {
                AtomicFile.write(to.resolve(name), out -> Files.copy(from.resolve(name), out));
            }
        }
    }

    /**
     * Writes them from the metadata of a GGUF file, see {@link Tokenizer#fromGguf}.
     *
     * @throws LiftException if the description is damaged or of a kind that is unknown here
     */
    public static void write(Map<String, ?> metadata, Path to) {
        TokenizerParts parts = GgufTokenizer.read(metadata);
        ObjectNode tokenizer = parsed(parts);
        ObjectNode config = JsonNodeFactory.instance.objectNode();
        config.put("tokenizer_class", "PreTrainedTokenizerFast");
        config.put("clean_up_tokenization_spaces", false);
        parts.specialTokens().forEach(config::put);
        parts.chatTemplate().ifPresent(template -> config.put("chat_template", template));
        String bos = parts.specialTokens().get("bos_token");
        if (bos != null && parts.addsBos().orElse(false)) {
            tokenizer.set("post_processor", beginningWith(bos, tokenizer));
        }
        write(to.resolve("tokenizer.json"), tokenizer);
        write(to.resolve("tokenizer_config.json"), config);
    }

    private static ObjectNode parsed(TokenizerParts parts) {
        try {
            return (ObjectNode) JSON.readTree(parts.json());
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("lift4j wrote a tokenizer.json that is none", e);
        }
    }

    /** What puts the begin-of-text token before a text. */
    private static ObjectNode beginningWith(String bos, ObjectNode tokenizer) {
        JsonNode id = tokenizer.at("/model/vocab").path(bos);
        ObjectNode processor = JsonNodeFactory.instance.objectNode().put("type", "TemplateProcessing");
        for (String texts : List.of("single", "pair")) {
            var template = processor.putArray(texts);
            template.addObject().putObject("SpecialToken").put("id", bos).put("type_id", 0);
            template.addObject().putObject("Sequence").put("id", "A").put("type_id", 0);
            if (texts.equals("pair")) {
                template.addObject().putObject("Sequence").put("id", "B").put("type_id", 1);
            }
        }
        ObjectNode token = processor.putObject("special_tokens").putObject(bos).put("id", bos);
        token.putArray("ids").add(id);
        token.putArray("tokens").add(bos);
        return processor;
    }

    private static void write(Path file, ObjectNode json) {
        AtomicFile.write(file, out -> out.write(json.toPrettyString().getBytes(StandardCharsets.UTF_8)));
    }
}
