package io.github.lift4j.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.lift4j.answer.Mode;
import io.github.lift4j.memory.Memory;
import io.github.lift4j.server.answer.Desk;
import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A memory that is taken along. */
class ExportedMemoryTest {

    @TempDir
    private static Path folder;

    private static TinyService service;

    @BeforeAll
    static void start() throws IOException {
        service = TinyService.start(folder, TinyLift.limits(20_000, 2), new Desk.Size(4, 8, 2), TinyLift.RECIPES);
    }

    @AfterAll
    static void stop() {
        service.close();
    }

    @Test
    void itAnswersElsewhereAsItDoesHere(@TempDir Path elsewhere) throws Exception {
        String name = service.calls().learned();
        HttpResponse<InputStream> sent = exported(name);
        assertThat(sent.statusCode()).isEqualTo(200);
        assertThat(sent.headers().firstValue("Content-Type")).hasValue("application/zip");
        assertThat(sent.headers().firstValue("Content-Disposition"))
                .hasValue("attachment; filename=\"" + name + ".zip\"");
        unpack(sent.body(), elsewhere);
        Memory here = Memory.open(folder.resolve("data/memories").resolve(name));
        Memory there = Memory.open(elsewhere.resolve(name));
        assertThat(there.manifest()).isEqualTo(here.manifest());
        assertThat(there.text()).isEqualTo(TinyLift.TEXT);
        assertThat(service.lift().ask(there, "How many gulls?", Mode.LIFT).answer())
                .isEqualTo(
                        service.lift().ask(here, "How many gulls?", Mode.LIFT).answer());
    }

    @Test
    void itIsSentWholeThoughItIsDeletedMeanwhile(@TempDir Path elsewhere) throws Exception {
        String name = service.calls().learned();
        Path home = folder.resolve("data/memories").resolve(name);
        // More than the network holds, so that it is still being sent.
        Files.write(home.resolve("more.bin"), new byte[64 << 20]);
        HttpResponse<InputStream> sent = exported(name);
        assertThat(service.calls().delete("/v1/models/" + name).status()).isEqualTo(200);
        assertThat(home.resolve("memory.json")).as("while it is being sent").exists();
        unpack(sent.body(), elsewhere);
        assertThat(Memory.open(elsewhere.resolve(name)).text()).isEqualTo(TinyLift.TEXT);
        for (int i = 0; i < 500 && Files.exists(home); i++) {
            Thread.sleep(20);
        }
        assertThat(home).doesNotExist();
        assertThat(service.calls().get("/v1/lift/memories/" + name).text("/error/code"))
                .isEqualTo("model_not_found");
    }

    private static HttpResponse<InputStream> exported(String name) throws IOException, InterruptedException {
        HttpRequest request =
                service.calls().request("/v1/lift/memories/" + name).GET().build();
        return HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofInputStream());
    }

    private static void unpack(InputStream archive, Path into) throws IOException {
        try (ZipInputStream zip = new ZipInputStream(archive)) {
            for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
                Path file = into.resolve(entry.getName());
                Files.createDirectories(file.getParent());
                Files.copy(zip, file);
            }
        }
    }
}
