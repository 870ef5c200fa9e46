package io.github.lift4j.engine.tokenizer;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import io.github.lift4j.engine.LiftException;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** Reads the tokenizer of a model folder as Hugging Face lays it out. */
final class TokenizerFolder {

    private static final ObjectMapper JSON = new ObjectMapper();

    private final Path folder;
    private final JsonNode config;

    private TokenizerFolder(Path folder) {
        this.folder = folder;
        this.config = json("tokenizer_config.json");
    }

    static TokenizerParts read(Path folder) {
        return new TokenizerFolder(folder).parts();
    }

    private TokenizerParts parts() {
        String tokenizer = text("tokenizer.json").orElseThrow(this::noTokenizer);
        return new TokenizerParts(tokenizer, specialTokens(), stopIds(), chatTemplate(), addsBos());
    }

    private LiftException noTokenizer() {
        String remedy = Files.exists(folder.resolve("tokenizer.model"))
                ? "it has only the older tokenizer.model; save it with transformers' AutoTokenizer to convert it"
                : "name a folder that holds a model, or download it again";
        return new LiftException("The folder " + folder + " has no tokenizer.json; " + remedy);
    }

    /** The texts of special tokens; {@code tokenizer_config.json} has the last word. */
    private Map<String, String> specialTokens() {
        Map<String, String> special = new LinkedHashMap<>();
        for (JsonNode source : new JsonNode[] {json("special_tokens_map.json"), config}) {
            source.properties().forEach(field -> {
                JsonNode content =
                        field.getValue().isObject() ? field.getValue().path("content") : field.getValue();
                if (field.getKey().endsWith("_token") && content.isTextual()) {
                    special.put(field.getKey(), content.asText());
                }
            });
        }
        return special;
    }

    private Set<Integer> stopIds() {
        Set<Integer> stops = new LinkedHashSet<>();
        for (String file : new String[] {"generation_config.json", "config.json"}) {
            JsonNode eos = json(file).path("eos_token_id");
            Stream.concat(Stream.of(eos), eos.valueStream())
                    .filter(JsonNode::isInt)
                    .forEach(id -> stops.add(id.asInt()));
        }
        return stops;
    }

    private Optional<Boolean> addsBos() {
        JsonNode said = config.path("add_bos_token");
        return said.isBoolean() ? Optional.of(said.asBoolean()) : Optional.empty();
    }

    /** In the order in which transformers looks: a file of its own, an older one in JSON, the configuration. */
    private Optional<String> chatTemplate() {
        return text("chat_template.jinja")
                .or(() -> template(json("chat_template.json").path("chat_template")))
                .or(() -> template(config.path("chat_template")));
    }

    /** One template, or the one named "default" (or the only one) of a list of named templates. */
    private static Optional<String> template(JsonNode node) {
        if (node.isTextual()) {
            return Optional.of(node.asText());
        }
        Optional<String> byDefault = node.valueStream()
                .filter(named -> named.path("name").asText().equals("default"))
                .map(named -> named.path("template").asText())
                .findFirst();
        return byDefault.isEmpty() && node.isArray() && node.size() == 1
                ? Optional.of(node.get(0).path("template").asText())
                : byDefault;
    }

    private JsonNode json(String file) {
        try {
            Optional<String> text = text(file);
            return text.isPresent() ? JSON.readTree(text.get()) : MissingNode.getInstance();
        } catch (JsonProcessingException e) {
            throw new LiftException(
                    "The file %s is damaged (%s); download the model again"
                            .formatted(folder.resolve(file), e.getOriginalMessage()),
                    e);
        }
    }

    private Optional<String> text(String file) {
        Path path = folder.resolve(file);
        try {
            return Files.exists(path) ? Optional.of(Files.readString(path)) : Optional.empty();
        } catch (CharacterCodingException e) {
            throw new LiftException("The file " + path + " is damaged (it is not text); download the model again", e);
        } catch (IOException e) {
            throw new LiftException("The file " + path + " cannot be read; check its permissions", e);
        }
    }
}
