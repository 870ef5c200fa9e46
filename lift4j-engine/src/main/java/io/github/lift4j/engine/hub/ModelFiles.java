package io.github.lift4j.engine.hub;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** Which files of a repository make up a model, and whether a folder has them all. */
final class ModelFiles {

    static final String CONFIG = "config.json";
    static final String TOKENIZER = "tokenizer.json";
    static final String WEIGHTS = "model.safetensors";
    static final String INDEX = "model.safetensors.index.json";

    private static final Set<String> SETTINGS = Set.of(
            CONFIG,
            TOKENIZER,
            INDEX,
            "generation_config.json",
            "tokenizer_config.json",
            "special_tokens_map.json",
            "chat_template.jinja",
            "chat_template.json");

    private ModelFiles() {}

    /**
     * Says why a repository with these files is not a model that lift4j can load; empty if it is one. Asked before the
     * first byte of weights is fetched.
     */
    static Optional<String> objection(ModelId id, Collection<String> files) {
        if (!files.contains(CONFIG)) {
            List<String> ggufs = files.stream()
                    .filter(file -> file.endsWith(".gguf"))
                    .sorted()
                    .toList();
            return Optional.of(
                    ggufs.isEmpty()
                            ? "%s on the hub has no config.json and no .gguf file, so it is not a language model"
                                    .formatted(id.repository())
                            : "%s on the hub holds GGUF files: name one of them, as in %s/%s"
                                    .formatted(id.repository(), id.repository(), ggufs.getFirst()));
        }
        if (weights(files).isEmpty() && !files.contains(INDEX)) {
            return Optional.of("%s on the hub has no weights in the safetensors format: choose a model that has"
                    .formatted(id.repository()));
        }
        if (!files.contains(TOKENIZER)) {
            return Optional.of(
                    "%s on the hub has no tokenizer.json: choose a model that has".formatted(id.repository()));
        }
        return Optional.empty();
    }

    /** The small files: configuration, tokenizer, templates, and the index of the weights. */
    static List<String> settings(Collection<String> files) {
        return files.stream().filter(SETTINGS::contains).sorted().toList();
    }

    /** The weights, where no index is needed to know them. */
    static List<String> weights(Collection<String> files) {
        return files.contains(WEIGHTS) ? List.of(WEIGHTS) : List.of();
    }

    /** The weight files that an index names. */
    static List<String> shards(Path index) throws IOException {
        JsonNode map = new ObjectMapper().readTree(Files.readAllBytes(index)).path("weight_map");
        Set<String> shards = new TreeSet<>();
        for (JsonNode shard : map) {
            if (!ModelId.isSafePath(shard.asText())) {
                throw new IOException("the index names the file \"%s\"".formatted(shard.asText()));
            }
            shards.add(shard.asText());
        }
        if (shards.isEmpty()) {
            throw new IOException("the index names no weight file");
        }
        return List.copyOf(shards);
    }

    /** Whether a folder holds a whole model. A file that cannot be read counts as missing. */
    static boolean isComplete(Path folder) {
        if (!isThere(folder, CONFIG) || !isThere(folder, TOKENIZER)) {
            return false;
        }
        if (isThere(folder, WEIGHTS)) {
            return true;
        }
        if (!isThere(folder, INDEX)) {
            return false;
        }
        try {
            return shards(folder.resolve(INDEX)).stream().allMatch(shard -> isThere(folder, shard));
        } catch (IOException e) {
            return false; // A damaged index: the hub has a sound one.
        }
    }

    private static boolean isThere(Path folder, String file) {
        return Files.isRegularFile(folder.resolve(file));
    }
}
