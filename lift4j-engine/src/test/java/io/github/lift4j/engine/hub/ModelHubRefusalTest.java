package io.github.lift4j.engine.hub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.lift4j.engine.LiftException;
import io.github.lift4j.engine.Progress;
import io.github.lift4j.engine.hub.FakeHub.Canned;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.assertj.core.api.AbstractThrowableAssert;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class ModelHubRefusalTest {

    private static final Pattern SENTENCE = Pattern.compile("\\S.*\\.", Pattern.DOTALL);

    @TempDir
    Path folder;

    private final FakeHub server = FakeHub.withModel();

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    void namesTheLicencePageOfAGatedModel() {
        server.gated = true;
        refused(FakeHub.ID)
                .hasMessageContaining(server.address() + "/" + FakeHub.ID)
                .hasMessageContaining("HF_TOKEN");
        server.canned.add(new Canned(401, Map.of()));
        refused(FakeHub.ID).hasMessageContaining("gated or private");
    }

    @Test
    void saysThatAModelIsUnknown() {
        refused("someone/misspelt").hasMessageContaining("someone/misspelt").hasMessageContaining("spelling");
        server.canned.add(new Canned(401, Map.of("X-Error-Code", "RepoNotFound")));
        refused(FakeHub.ID).hasMessageContaining("spelling");
        server.canned.add(new Canned(404, Map.of("X-Error-Code", "RevisionNotFound")));
        refused(FakeHub.ID + "@v9").hasMessageContaining("no revision \"v9\"");
        refused(FakeHub.ID + "/absent.gguf").hasMessageContaining("no file absent.gguf");
    }

    @Test
    void waitsAsLongAsTheHubAsks() {
        server.canned.add(new Canned(429, Map.of("Retry-After", "1")));
        server.canned.add(new Canned(503, Map.of()));
        long start = System.nanoTime();
        assertThat(hub().resolve(FakeHub.ID, Progress.SILENT)).isDirectory();
        assertThat(Duration.ofNanos(System.nanoTime() - start))
                .isBetween(Duration.ofSeconds(1), Duration.ofSeconds(20));
    }

    @Test
    void givesUpWhereTheHubGoesOnRefusing() {
        for (int i = 0; i < Patience.TRIES; i++) {
            server.canned.add(new Canned(429, Map.of("Retry-After", "0")));
        }
        refused(FakeHub.ID).hasMessageContaining("no more requests").hasMessageContaining("HF_TOKEN");
        assertThat(server.hubAsked).hasSize(Patience.TRIES);
        server.canned.add(new Canned(429, Map.of("RateLimit", "\"api\";r=0;t=3000")));
        refused(FakeHub.ID).hasMessageContaining("3000 s");
    }

    @Test
    void saysThatTheHubIsOutOfReach() {
        HubSettings settings = server.settings(folder);
        server.close();
        assertThatThrownBy(() -> ModelHub.of(settings).resolve(FakeHub.ID, Progress.SILENT))
                .isInstanceOf(LiftException.class)
                .hasMessageContaining("could not be reached")
                .hasMessageContaining("HF_ENDPOINT");
    }

    @Test
    void asksNothingInOfflineMode() {
        HubSettings offline = server.settings(folder, Map.of("HF_HUB_OFFLINE", "1"));
        assertThatThrownBy(() -> ModelHub.of(offline).resolve(FakeHub.ID, Progress.SILENT))
                .isInstanceOf(LiftException.class)
                .hasMessageContaining("HF_HUB_OFFLINE");
        assertThatThrownBy(() -> ModelHub.of(offline).pull(FakeHub.ID, Progress.SILENT))
                .hasMessageContaining("HF_HUB_OFFLINE");
        assertThat(server.hubAsked).isEmpty();

        Path model = hub().resolve(FakeHub.ID, Progress.SILENT);
        server.hubAsked.clear();
        assertThat(ModelHub.of(offline).resolve(FakeHub.ID, Progress.SILENT)).isEqualTo(model);
        assertThat(server.hubAsked).isEmpty();
    }

    @Test
    void saysWhatARepositoryLacksBeforeItDownloads() {
        server.random("tiny.gguf", 100);
        server.files.remove("config.json");
        refused(FakeHub.ID).hasMessageContaining("as in " + FakeHub.ID + "/tiny.gguf");
        server.text("config.json", "{}");
        server.files.remove("model.safetensors");
        refused(FakeHub.ID).hasMessageContaining("safetensors");
        assertThat(server.storeAsked).isEmpty();
    }

    @Test
    void refusesAModelForWhichThereIsNoRoom() {
        server.announcedSize = Optional.of(1L << 59);
        refused(FakeHub.ID).hasMessageContaining("free some space");
        assertThat(server.storeAsked).isEmpty();
    }

    @Test
    void saysWhereItCannotWrite() throws IOException {
        Path file = Files.writeString(folder.resolve("file"), "");
        HubSettings settings = server.settings(
                folder, Map.of("HF_HUB_CACHE", file.resolve("hub").toString()));
        assertThatThrownBy(() -> ModelHub.of(settings).resolve(FakeHub.ID, Progress.SILENT))
                .isInstanceOf(LiftException.class)
                .hasMessageContaining("cannot be written")
                .hasMessageContaining(file.toString());
    }

    @Test
    void saysWhenAProxyAnswersInTheHubsPlace() {
        server.canned.add(new Canned(200, Map.of("Content-Type", "text/html")));
        refused(FakeHub.ID).hasMessageContaining("HF_ENDPOINT");
        server.canned.add(new Canned(302, Map.of("Location", "http://[")));
        refused(FakeHub.ID).hasMessageContaining("could not be reached");
    }

    @Test
    void followsNoRedirectInACircle() {
        URI self = URI.create(server.address() + "/api/models/" + FakeHub.ID + "/revision/main");
        for (int i = 0; i < 20; i++) {
            server.canned.add(new Canned(307, Map.of("Location", self.toString())));
        }
        refused(FakeHub.ID).hasMessageContaining("redirects");
    }

    @Test
    void takesLocalFilesAsTheyAre() throws IOException {
        Path model = Files.createDirectories(folder.resolve("model"));
        assertThatThrownBy(() -> hub().resolve(model.toString(), Progress.SILENT))
                .isInstanceOf(LiftException.class)
                .hasMessageContaining("no config.json");
        Files.writeString(model.resolve("config.json"), "{}");
        assertThat(hub().resolve(model.toString(), Progress.SILENT)).isEqualTo(model);

        Path gguf = Files.writeString(folder.resolve("x.gguf"), "GGUF");
        assertThat(hub().resolve(gguf.toString(), Progress.SILENT)).isEqualTo(gguf);
        Path other = Files.writeString(folder.resolve("x.bin"), "");
        refused(other.toString()).hasMessageContaining("no .gguf file");
        refused(folder.resolve("absent.gguf").toString()).hasMessageContaining("neither");
        refused("no\0path").hasMessageContaining("neither");
        assertThat(server.hubAsked).isEmpty();
    }

    private AbstractThrowableAssert<?, ? extends Throwable> refused(String model) {
        return assertThatThrownBy(() -> hub().resolve(model, Progress.SILENT))
                .isInstanceOf(LiftException.class)
                .satisfies(refusal ->
                        assertThat(refusal.getMessage()).matches(SENTENCE).doesNotContain("null"));
    }

    private ModelHub hub() {
        return ModelHub.of(server.settings(folder));
    }
}
