package io.github.lift4j.engine;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.lift4j.engine.hub.HubSettings;
import io.github.lift4j.engine.hub.ModelHub;
import io.github.lift4j.engine.runtime.ComputeDevice;
import io.github.lift4j.engine.runtime.ComputeType;
import io.github.lift4j.engine.transformer.ModelConfig;
import io.github.lift4j.engine.transformer.Transformer;
import io.github.lift4j.engine.weights.Checkpoint;
import java.io.IOException;
import java.nio.file.Path;

/** The reference values, and the model that they were made with. {@code -Dlift4j.reference=DIR} names another folder. */
public final class Reference {

    public static final Path FOLDER = Path.of(System.getProperty("lift4j.reference", "src/test/resources/reference"));

    private Reference() {}

    public static JsonNode values(String key) throws IOException {
        return new ObjectMapper()
                .readTree(FOLDER.resolve("smollm2_reference.json").toFile())
                .required(key);
    }

    public static Path modelFile() {
        return ModelHub.of(HubSettings.fromEnvironment(System.getenv())).resolveDefault(Progress.SILENT);
    }

    public static Transformer model(ComputeType type) {
        try (Checkpoint checkpoint = Checkpoint.open(modelFile())) {
            return Transformer.load(
                    ModelConfig.fromHuggingFace(checkpoint.config()),
                    checkpoint::read,
                    ComputeDevice.parse("cpu"),
                    type);
        }
    }

    public static int[] ids(JsonNode array) {
        int[] ids = new int[array.size()];
        for (int i = 0; i < ids.length; i++) {
            ids[i] = array.get(i).asInt();
        }
        return ids;
    }
}
