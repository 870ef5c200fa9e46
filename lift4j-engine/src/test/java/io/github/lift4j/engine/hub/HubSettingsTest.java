package io.github.lift4j.engine.hub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.lift4j.engine.LiftException;
import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HubSettingsTest {

    @TempDir
    Path folder;

    @Test
    void usesTheUsualPlacesWhereNothingIsSet() {
        HubSettings settings = read(Map.of());
        assertThat(settings.hubCache()).isEqualTo(folder.resolve(".cache/huggingface/hub"));
        assertThat(settings.liftHome()).isEqualTo(folder.resolve(".cache/lift4j"));
        assertThat(settings.endpoint()).isEqualTo(URI.create("https://huggingface.co"));
        assertThat(settings.token()).isEmpty();
        assertThat(settings.offline()).isFalse();
        assertThat(settings.commandPath()).isEmpty();
    }

    @Test
    void takesTheNearestOfTheFoldersThatAreSet() {
        assertThat(read(Map.of("XDG_CACHE_HOME", "/x")).hubCache()).isEqualTo(Path.of("/x/huggingface/hub"));
        assertThat(read(Map.of("XDG_CACHE_HOME", "/x")).liftHome()).isEqualTo(Path.of("/x/lift4j"));
        assertThat(read(Map.of("XDG_CACHE_HOME", "/x", "HF_HOME", "/h")).hubCache())
                .isEqualTo(Path.of("/h/hub"));
        assertThat(read(Map.of("HF_HOME", "/h", "HF_HUB_CACHE", "/c")).hubCache())
                .isEqualTo(Path.of("/c"));
        assertThat(read(Map.of("HF_HOME", "~/h")).hubCache()).isEqualTo(folder.resolve("h/hub"));
        assertThat(read(Map.of("LIFT4J_HOME", "/l")).liftHome()).isEqualTo(Path.of("/l"));
    }

    @Test
    void readsTheSwitchesAndTheCommandPath() {
        assertThat(read(Map.of("HF_HUB_OFFLINE", "1")).offline()).isTrue();
        assertThat(read(Map.of("HF_HUB_OFFLINE", "yes")).offline()).isTrue();
        assertThat(read(Map.of("HF_HUB_OFFLINE", "0")).offline()).isFalse();
        assertThat(read(Map.of("PATH", "/a" + File.pathSeparator + "/b")).commandPath())
                .containsExactly(Path.of("/a"), Path.of("/b"));
        assertThat(read(Map.of("HF_ENDPOINT", "https://mirror.example/hf/")).endpoint())
                .isEqualTo(URI.create("https://mirror.example/hf"));
    }

    @Test
    void takesTheTokenFromTheVariableOrTheFileAndNeverShowsIt() throws IOException {
        Path file = Files.createDirectories(folder.resolve("h")).resolve("token");
        Files.writeString(file, "hf_file\n");
        HubSettings fromFile = read(Map.of("HF_HOME", folder.resolve("h").toString()));
        assertThat(fromFile.token()).contains("hf_file");
        assertThat(fromFile.toString()).doesNotContain("hf_file");
        assertThat(read(Map.of("HF_HOME", folder.resolve("h").toString(), "HF_TOKEN", " hf_named\n"))
                        .token())
                .contains("hf_named");
    }

    @Test
    void refusesWhatIsNoAddress() {
        assertThatThrownBy(() -> read(Map.of("HF_ENDPOINT", "mirror.example")))
                .isInstanceOf(LiftException.class)
                .hasMessageContaining("HF_ENDPOINT")
                .hasMessageContaining("mirror.example");
        assertThatThrownBy(() -> read(Map.of("HF_ENDPOINT", "https://a b"))).isInstanceOf(LiftException.class);
    }

    private HubSettings read(Map<String, String> environment) {
        Map<String, String> all = new HashMap<>(environment);
        all.put("HOME", folder.toString());
        return HubSettings.fromEnvironment(all);
    }
}
