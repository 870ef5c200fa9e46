package io.github.lift4j.engine.hub;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.lift4j.engine.LiftException;
import io.github.lift4j.engine.Progress;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class ModelHubDownloadTest {

    @TempDir
    Path folder;

    private final FakeHub server = FakeHub.withModel();

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    void bringsTheFilesThatAModelNeedsInTheStandardLayout() throws IOException {
        Path model = hub().resolve(FakeHub.ID, Progress.SILENT);

        Path repository = folder.resolve(".cache/huggingface/hub/models--someone--tiny-model");
        assertThat(model).isEqualTo(repository.resolve("snapshots").resolve(FakeHub.COMMIT));
        assertThat(names(model))
                .containsExactlyInAnyOrder(
                        "config.json", "tokenizer.json", "tokenizer_config.json", "model.safetensors");
        assertSameFiles(model);
        assertThat(repository.resolve("refs/main")).hasContent(FakeHub.COMMIT);
        String weights = FakeHub.sha256(server.files.get("model.safetensors"));
        String config = FakeHub.gitHash(server.files.get("config.json"));
        assertThat(Files.readSymbolicLink(model.resolve("model.safetensors"))).hasToString("../../blobs/" + weights);
        assertThat(Files.readSymbolicLink(model.resolve("config.json"))).hasToString("../../blobs/" + config);
        assertThat(names(repository.resolve("blobs"))).hasSize(4).contains(weights, config);
    }

    @Test
    void asksTheHubNothingAboutAModelThatIsHere() {
        Path model = hub().resolve(FakeHub.ID, Progress.SILENT);
        server.hubAsked.clear();
        assertThat(hub().resolve(FakeHub.ID, Progress.SILENT)).isEqualTo(model);
        assertThat(server.hubAsked).isEmpty();
    }

    @Test
    void pullBringsTheNewestCommitAndFetchesOnlyWhatChanged() {
        Path old = hub().resolve(FakeHub.ID, Progress.SILENT);
        server.commit = "f".repeat(40);
        server.text("config.json", "{\"model_type\": \"qwen2\"}");
        server.storeAsked.clear();

        Path pulled = hub().pull(FakeHub.ID, Progress.SILENT);

        assertThat(pulled.getFileName()).hasToString("f".repeat(40));
        assertThat(server.storeAsked).isEmpty();
        assertThat(hub().resolve(FakeHub.ID, Progress.SILENT)).isEqualTo(pulled);
        assertThat(hub().resolve(FakeHub.ID + "@" + FakeHub.COMMIT, Progress.SILENT))
                .isEqualTo(old);
    }

    @Test
    void bringsOneGgufFileWhenThatIsNamed() throws IOException {
        server.random("q4/tiny.gguf", 5000);
        Path file = hub().resolve(FakeHub.ID + "/q4/tiny.gguf", Progress.SILENT);
        assertThat(file).hasBinaryContent(server.files.get("q4/tiny.gguf"));
        assertThat(Files.readSymbolicLink(file))
                .hasToString("../../../blobs/" + FakeHub.sha256(server.files.get("q4/tiny.gguf")));
        assertThat(server.storeAsked).hasSize(1);
    }

    @Test
    void bringsTheShardsThatTheIndexNamesSeveralAtOnce() {
        server.files.remove("model.safetensors");
        server.text("model.safetensors.index.json", """
                {"weight_map": {"a": "w-1.safetensors", "b": "w-2.safetensors", "c": "w-3.safetensors"}}""");
        List.of("w-1", "w-2", "w-3", "consolidated").forEach(name -> server.random(name + ".safetensors", 40_000));
        server.together = new CountDownLatch(3);

        Path model = hub().resolve(FakeHub.ID, Progress.SILENT);

        assertSameFiles(model);
        assertThat(names(model)).contains("w-1.safetensors", "w-2.safetensors", "w-3.safetensors");
        assertThat(names(model)).doesNotContain("consolidated.safetensors");
    }

    @Test
    void goesOnAfterABrokenConnection() {
        server.breaks.set(2);
        server.arrived = bytes -> partialWeights().toFile().length() >= bytes;
        assertSameFiles(hub().resolve(FakeHub.ID, Progress.SILENT));
        assertThat(server.storeAsked)
                .extracting(FakeHub.Asked::range)
                .containsExactly(Optional.empty(), Optional.of("bytes=150000-"), Optional.of("bytes=225000-"));
    }

    @Test
    void goesOnInTheNextRunWhereTheLastOneBrokeOff() {
        server.breaks.set(1);
        server.arrived = bytes -> {
            boolean all = partialWeights().toFile().length() >= bytes;
            for (int i = 0; all && i < Patience.TRIES; i++) {
                server.canned.add(new FakeHub.Canned(503, Map.of()));
            }
            return all;
        };
        assertThatThrownBy(() -> hub().resolve(FakeHub.ID, Progress.SILENT))
                .isInstanceOf(LiftException.class)
                .hasMessageContaining("status 503");
        assertThat(partialWeights()).hasSize(150_000);

        server.storeAsked.clear();
        assertSameFiles(hub().resolve(FakeHub.ID, Progress.SILENT));
        assertThat(server.storeAsked).extracting(FakeHub.Asked::range).containsExactly(Optional.of("bytes=150000-"));
    }

    @Test
    void givesUpWhereEveryConnectionBreaks() {
        server.breaks.set(1000);
        server.rangesHonoured = false;
        assertThatThrownBy(() -> hub().resolve(FakeHub.ID, Progress.SILENT))
                .isInstanceOf(LiftException.class)
                .hasMessageContaining("broke off again and again")
                .hasMessageContaining("model.safetensors");
    }

    @Test
    void startsAgainWhereTheServerKnowsNoRanges() {
        server.breaks.set(1);
        server.rangesHonoured = false;
        assertSameFiles(hub().resolve(FakeHub.ID, Progress.SILENT));
    }

    @Test
    void fetchesOnceMoreWhatAnEarlierRunLeftSpoilt() throws IOException {
        Files.createDirectories(weightsBlob().getParent());
        Files.write(partialWeights(), new byte[1000]);
        assertSameFiles(hub().resolve(FakeHub.ID, Progress.SILENT));
    }

    @Test
    void throwsAwayWhatArrivesWithAnotherChecksum() {
        server.corruptions.set(1);
        assertThatThrownBy(() -> hub().resolve(FakeHub.ID, Progress.SILENT))
                .isInstanceOf(LiftException.class)
                .hasMessageContaining("model.safetensors")
                .hasMessageContaining("checksum");
        assertThat(names(weightsBlob().getParent())).noneMatch(name -> name.contains("incomplete"));
        assertThat(weightsBlob()).doesNotExist();

        assertSameFiles(hub().resolve(FakeHub.ID, Progress.SILENT));
    }

    @Test
    @Timeout(15) // The server itself lets go after 20 s.
    void breaksOffAConnectionThatHasGoneSilent() {
        server.stall = new CountDownLatch(1);
        HubSettings impatient = server.settings(folder).withTimeouts(Duration.ofSeconds(5), Duration.ofMillis(700));
        Progress endsTheStall = (activity, done, total, detail) -> {
            if (server.storeAsked.size() >= 2) {
                server.stall = null;
            }
        };
        assertSameFiles(ModelHub.of(impatient).resolve(FakeHub.ID, endsTheStall));
        assertThat(server.storeAsked).hasSizeGreaterThanOrEqualTo(2);
    }

    @Test
    void sendsTheTokenToTheEndpointOnly() {
        HubSettings settings = server.settings(folder, Map.of("HF_TOKEN", "hf_secret"));
        ModelHub.of(settings).resolve(FakeHub.ID, Progress.SILENT);
        assertThat(server.hubAsked)
                .isNotEmpty()
                .allSatisfy(asked -> assertThat(asked.authorization()).contains("Bearer hf_secret"));
        assertThat(server.storeAsked)
                .isNotEmpty()
                .allSatisfy(asked -> assertThat(asked.authorization()).isEmpty());
    }

    @Test
    void twoAtOnceDownloadOnce() throws Exception {
        CountDownLatch untilTheSecondWaits = new CountDownLatch(1);
        server.stall = untilTheSecondWaits;
        Progress listener = (activity, done, total, detail) -> {
            if (activity.startsWith("Waiting")) {
                untilTheSecondWaits.countDown();
            }
        };
        Callable<Path> resolver = () -> hub().resolve(FakeHub.ID, listener);
        try (ExecutorService threads = Executors.newFixedThreadPool(2)) {
            for (Future<Path> model : threads.invokeAll(List.of(resolver, resolver))) {
                assertSameFiles(model.get());
            }
        }
        assertThat(server.storeAsked).hasSize(1);
    }

    @Test
    void reportsTheBytes() {
        List<String> heard = new CopyOnWriteArrayList<>();
        AtomicReference<long[]> last = new AtomicReference<>(new long[2]);
        hub().resolve(FakeHub.ID, (activity, done, total, detail) -> {
            heard.add(activity);
            assertThat(done).isBetween(0L, total);
            last.set(new long[] {done, total});
        });
        assertThat(heard).contains("Downloading weights of " + FakeHub.ID);
        assertThat(last.get()).containsExactly(300_000, 300_000);
    }

    @Test
    void stopsWhenItsThreadIsInterruptedAndKeepsWhatCame() throws Exception {
        server.stall = new CountDownLatch(1);
        AtomicReference<Throwable> thrown = new AtomicReference<>();
        Thread resolver = Thread.ofPlatform().start(() -> {
            try {
                hub().resolve(FakeHub.ID, Progress.SILENT);
            } catch (LiftException e) {
                thrown.set(e);
            }
        });
        Path partial = partialWeights();
        awaitSize(partial, 150_000);
        resolver.interrupt();
        resolver.join(Duration.ofSeconds(20));
        assertThat(resolver.isAlive()).isFalse();
        assertThat(thrown.get()).hasMessageContaining("interrupted");
        assertThat(partial).hasSize(150_000);
    }

    /** In a process of its own, as no thread dies like a process does. */
    @Test
    void goesOnAfterAKill() throws Exception {
        server.stall = new CountDownLatch(1);
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        Resolver.class.getName(),
                        server.address(),
                        folder.toString())
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("output.txt").toFile())
                .start();
        try {
            awaitSize(partialWeights(), 150_000);
        } finally {
            process.destroyForcibly().waitFor(20, TimeUnit.SECONDS);
        }
        server.stall = null;
        server.storeAsked.clear();
        assertSameFiles(hub().resolve(FakeHub.ID, Progress.SILENT));
        assertThat(server.storeAsked).extracting(FakeHub.Asked::range).containsExactly(Optional.of("bytes=150000-"));
    }

    /** What the killed process runs. */
    static final class Resolver {
        public static void main(String[] arguments) {
            Map<String, String> environment = Map.of("HF_ENDPOINT", arguments[0], "HOME", arguments[1]);
            ModelHub.of(HubSettings.fromEnvironment(environment)).resolve(FakeHub.ID, Progress.SILENT);
        }
    }

    private ModelHub hub() {
        return ModelHub.of(server.settings(folder));
    }

    private Path weightsBlob() {
        return folder.resolve(".cache/huggingface/hub/models--someone--tiny-model/blobs")
                .resolve(FakeHub.sha256(server.files.get("model.safetensors")));
    }

    private Path partialWeights() {
        return weightsBlob().resolveSibling(weightsBlob().getFileName() + ".lift4j.incomplete");
    }

    private void assertSameFiles(Path model) {
        assertThat(names(model))
                .isNotEmpty()
                .allSatisfy(name -> assertThat(model.resolve(name))
                        .hasBinaryContent(server.files.getOrDefault(name, name.getBytes(UTF_8))));
        assertThat(ModelFiles.isComplete(model)).isTrue();
    }

    private static void awaitSize(Path file, long bytes) throws InterruptedException {
        for (int look = 0; file.toFile().length() < bytes && look < 400; look++) {
            Thread.sleep(50);
        }
        assertThat(file).hasSize(bytes);
    }

    private static List<String> names(Path folder) {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString()).toList();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }
}
