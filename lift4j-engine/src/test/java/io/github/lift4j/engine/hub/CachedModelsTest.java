package io.github.lift4j.engine.hub;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import io.github.lift4j.engine.LiftException;
import io.github.lift4j.engine.Progress;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The cache as Python's client leaves it, with no hub in reach. */
class CachedModelsTest {

    private static final String COMMIT = "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa";
    private static final String OLDER = "bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb";

    @TempDir
    Path folder;

    private Path cache;
    private ModelHub hub;

    @BeforeEach
    void fill() throws IOException {
        cache = folder.resolve(".cache/huggingface/hub");
        hub = ModelHub.of(HubSettings.fromEnvironment(Map.of("HOME", folder.toString(), "HF_HUB_OFFLINE", "1")));
        put("python/made", COMMIT, "config.json", "{}");
        put("python/made", COMMIT, "tokenizer.json", "{}");
        put("python/made", COMMIT, "model.safetensors", "weights");
        ref("python/made", "main", COMMIT);
    }

    @Test
    void usesWhatPythonMade() {
        assertThat(hub.resolve("python/made", Progress.SILENT)).isEqualTo(snapshot("python/made", COMMIT));
        assertThat(hub.resolve("python/made@" + COMMIT, Progress.SILENT)).isEqualTo(snapshot("python/made", COMMIT));
    }

    /** Newer Python clients keep large files once for all repositories and link to them. */
    @Test
    void followsLinksIntoPythonsSharedStore() throws IOException {
        Path blob = blob("python/made", "model.safetensors");
        Path shared = cache.resolve("blobs/ab/abcd");
        Files.createDirectories(shared.getParent());
        Files.move(blob, shared);
        Files.createSymbolicLink(blob, blob.getParent().relativize(shared));
        assertThat(hub.resolve("python/made", Progress.SILENT)).isEqualTo(snapshot("python/made", COMMIT));

        hub.remove("python/made");
        assertThat(shared).exists();
    }

    @Test
    void takesNoSnapshotThatLacksAFile() throws IOException {
        Path snapshot = snapshot("python/made", COMMIT);
        Files.delete(blob("python/made", "model.safetensors"));
        assertThatThrownBy(() -> hub.resolve("python/made", Progress.SILENT)).hasMessageContaining("not wholly");
        put(
                "python/made",
                COMMIT,
                "model.safetensors.index.json",
                "{\"weight_map\": {\"a\": \"s-1\", \"b\": \"s-2\"}}");
        put("python/made", COMMIT, "s-1", "half");
        assertThatThrownBy(() -> hub.resolve("python/made", Progress.SILENT)).hasMessageContaining("not wholly");
        put("python/made", COMMIT, "s-2", "half");
        assertThat(hub.resolve("python/made", Progress.SILENT)).isEqualTo(snapshot);
        Files.writeString(snapshot.resolve("model.safetensors.index.json"), "{\"weight_map\": {\"a\": \"../../x\"}}");
        assertThatThrownBy(() -> hub.resolve("python/made", Progress.SILENT)).hasMessageContaining("not wholly");
    }

    @Test
    void listsEveryModel() throws IOException {
        put("python/made", OLDER, "config.json", "{}");
        put("quantised/models", COMMIT, "README.md", "text");
        put("quantised/models", COMMIT, "q4/tiny.gguf", "GGUF");
        ref("quantised/models", "v1", COMMIT);
        Path own =
                Files.createDirectories(folder.resolve(".cache/lift4j/models")).resolve("own.gguf");
        Files.writeString(own, "GGUF!");
        Files.createDirectories(cache.resolve("datasets--some--data/snapshots/" + COMMIT));
        Files.createDirectories(cache.resolve(".locks/models--python--made"));

        assertThat(hub.cached())
                .extracting(CachedModel::id, CachedModel::revision, CachedModel::bytes, CachedModel::complete)
                .containsExactly(
                        tuple("own.gguf", "", 5L, true),
                        tuple("python/made", "main", 11L, true),
                        tuple("python/made", OLDER, 2L, false),
                        tuple("quantised/models/q4/tiny.gguf", "v1", 4L, true));
        assertThat(hub.cached()).filteredOn(CachedModel::complete).allSatisfy(model -> {
            String revision = model.revision().isEmpty() ? "" : "@" + model.revision();
            assertThat(hub.resolve(model.id() + revision, Progress.SILENT)).isEqualTo(model.path());
            assertThat(model.lastUsed()).isAfter(Instant.parse("2020-01-01T00:00:00Z"));
        });
    }

    @Test
    void listsNothingWhereThereIsNoCache() {
        Path empty = folder.resolve("empty");
        assertThat(ModelHub.of(HubSettings.fromEnvironment(Map.of("HOME", empty.toString())))
                        .cached())
                .isEmpty();
        assertThat(empty).doesNotExist();
    }

    @Test
    void removesOneModelAndNothingElse() throws IOException {
        put("python/made-too", COMMIT, "config.json", "{}");
        Path own =
                Files.createDirectories(folder.resolve(".cache/lift4j/models")).resolve("own.gguf");
        Files.writeString(own, "GGUF!");

        assertThat(hub.remove("python/made")).isGreaterThanOrEqualTo(9);
        assertThat(cache.resolve("models--python--made")).doesNotExist();
        assertThat(snapshot("python/made-too", COMMIT).resolve("config.json")).exists();
        assertThat(own).exists();
        assertThat(hub.remove("own.gguf")).isEqualTo(5);
        assertThat(own).doesNotExist();
    }

    @Test
    void removesOneGgufFileOfSeveral() throws IOException {
        put("quantised/models", COMMIT, "a.gguf", "aaaa");
        put("quantised/models", COMMIT, "b.gguf", "bb");
        put("quantised/models", OLDER, "a.gguf", "aaaa");
        assertThat(hub.remove("quantised/models/a.gguf")).isEqualTo(4);
        assertThat(hub.cached()).extracting(CachedModel::id).containsExactly("python/made", "quantised/models/b.gguf");
        assertThat(blob("quantised/models", "b.gguf")).hasContent("bb");
    }

    @Test
    void refusesToRemoveWhatIsNotInTheCache() throws IOException {
        Path outside = Files.createDirectories(folder.resolve("outside"));
        Files.writeString(outside.resolve("precious"), "x");
        Files.createSymbolicLink(cache.resolve("models--linked--away"), outside);
        for (String id : new String[] {
            "../outside",
            "linked/away",
            outside.toString(),
            "python/absent",
            "",
            "x.gguf",
            "../../../outside/precious",
            "python/made@main",
            "python/made/absent.gguf"
        }) {
            assertThatThrownBy(() -> hub.remove(id)).as(id).isInstanceOf(LiftException.class);
        }
        assertThat(outside.resolve("precious")).exists();
        assertThat(hub.resolve("python/made", Progress.SILENT)).isDirectory();
    }

    private void put(String id, String commit, String path, String content) throws IOException {
        Path blob = blob(id, path);
        Files.createDirectories(blob.getParent());
        Files.writeString(blob, content);
        Path link = snapshot(id, commit).resolve(path);
        Files.createDirectories(link.getParent());
        Files.createSymbolicLink(link, link.getParent().relativize(blob));
    }

    private void ref(String id, String name, String commit) throws IOException {
        Path refs = repository(id).resolve("refs");
        Files.createDirectories(refs);
        Files.writeString(refs.resolve(name), commit);
    }

    private Path repository(String id) {
        return cache.resolve("models--" + id.replace("/", "--"));
    }

    private Path snapshot(String id, String commit) {
        return repository(id).resolve("snapshots").resolve(commit);
    }

    private Path blob(String id, String path) {
        return repository(id).resolve("blobs").resolve(FakeHub.sha256(path.getBytes(UTF_8)));
    }
}
