package io.github.lift4j.engine.weights;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.lift4j.engine.LiftException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The JSON objects that lie beside weights: config.json and the index of shards. */
final class JsonFile {

    /** The index of the largest published models has a few MB. */
    private static final long MAX_BYTES = 64L << 20;

    private static final JsonMapper JSON = JsonMapper.builder().build();

    private JsonFile() {}

    static ObjectNode read(Path path) {
        try {
            if (Files.size(path) > MAX_BYTES) {
                throw new LiftException(path + " is too large for a JSON file of a model; download it again.");
            }
            JsonNode node = JSON.readTree(Files.readAllBytes(path));
            if (node instanceof ObjectNode object) {
                return object;
            }
            throw new LiftException(path + " is not a JSON object; download it again.");
        } catch (JsonProcessingException e) {
            throw new LiftException(path + " is truncated or damaged (not valid JSON); download it again.", e);
        } catch (IOException e) {
            throw MappedFile.unreadable(path, e);
        }
    }
}
