package io.github.lift4j.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.lift4j.server.answer.Desk;
import io.github.lift4j.server.store.Limits;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Forms that are none, or none that can be kept. */
class UploadTest {

    private static final int FILE_BYTES = 20_000;
    private static final int FILES = 3;
    private static final String PURPOSE = part("name=\"purpose\"", "fine-tune");
    private static final String FILE = part("name=\"file\"; filename=\"a.txt\"", "Some text.");
    private static final String END = "--b--\r\n";

    @TempDir
    private static Path folder;

    private static TinyService service;
    private static Calls calls;

    @BeforeAll
    static void start() throws IOException {
        service = TinyService.start(
                folder,
                new Limits(FILE_BYTES, FILES, 2, 2_000, Duration.ofMinutes(1)),
                new Desk.Size(1, 8, 1),
                TinyLift.RECIPES);
        calls = service.calls();
    }

    @AfterAll
    static void stop() {
        service.close();
    }

    private static String part(String disposition, String content) {
        return "--b\r\nContent-Disposition: form-data; " + disposition + "\r\n\r\n" + content + "\r\n";
    }

    static Stream<String> broken() {
        return Stream.of(
                "",
                END,
                PURPOSE + END,
                FILE + END,
                PURPOSE + FILE,
                PURPOSE + FILE.substring(0, FILE.length() - 5),
                PURPOSE + FILE + FILE + END,
                PURPOSE + PURPOSE + FILE + END,
                PURPOSE + FILE + part("name=\"extra\"", "x") + END,
                part("name=\"purpose\"", "evil") + FILE + END,
                PURPOSE + part("name=\"file\"; filename=\"a.txt\"", "") + END,
                "nonsense",
                "nonsense".repeat(20_000),
                part("name=\"file\"; filename=\"a.txt\"", "x".repeat(15_000)).repeat(3) + END);
    }

    @ParameterizedTest
    @MethodSource("broken")
    void aBrokenFormIsRefusedAndLeavesNothing(String form) throws Exception {
        for (int i = 0; i < 20; i++) {
            Calls.Answer refused = calls.form(form);
            assertThat(refused.status()).as(refused.response().body()).isEqualTo(400);
            assertThat(refused.text("/error/type")).isEqualTo("invalid_request_error");
            assertThat(refused.text("/error/message")).endsWith(".").doesNotContain(folder.toString());
        }
        assertThat(calls.get("/v1/files").json().get("data")).isEmpty();
        assertNothingIsLeft();
    }

    @ParameterizedTest
    @ValueSource(strings = {"/v1/files", "/v1/chat/completions"})
    void whoSendsWithoutEndIsStopped(String path) throws Exception {
        String head = "POST " + path + " HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n"
                + "Content-Type: multipart/form-data; boundary=b\r\n\r\n";
        byte[] form = "--b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"z\"\r\n\r\n"
                .getBytes(StandardCharsets.US_ASCII);
        try (Socket socket =
                new Socket(InetAddress.getLoopbackAddress(), service.server().port())) {
            FutureTask<String> status =
                    new FutureTask<>(() -> socket.getInputStream().read() < 0
                            ? ""
                            : new BufferedReader(
                                            new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII))
                                    .readLine());
            Thread.ofVirtual().start(status);
            OutputStream out = socket.getOutputStream();
            out.write(head.getBytes(StandardCharsets.US_ASCII));
            assertThat(sent(out, form, 10L << 30)).isLessThan(256L << 20);
            assertThat(status.get(30, TimeUnit.SECONDS)).startsWith("TTP/1.1 413");
        }
        assertThat(calls.get("/v1/files").json().get("data")).isEmpty();
        assertNothingIsLeft();
    }

    /** Sends bytes and then zeros in chunks, until nobody takes them any more. @return how many were taken */
    private static long sent(OutputStream out, byte[] first, long most) {
        byte[] zeros = new byte[1 << 20];
        long sent = 0;
        try {
            for (byte[] chunk = first; sent < most; chunk = zeros) {
                out.write((Integer.toHexString(chunk.length) + "\r\n").getBytes(StandardCharsets.US_ASCII));
                out.write(chunk);
                out.write("\r\n".getBytes(StandardCharsets.US_ASCII));
                sent += chunk.length;
            }
        } catch (IOException closed) {
            return sent;
        }
        return sent;
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "../../../escaped",
                "/tmp/escaped",
                "..\\..\\escaped",
                "C:\\escaped",
                "....//escaped",
                "%2e%2e%2fescaped",
                "..",
                ".",
                "a\u0000b",
                "\u202Etxt.exe",
                "CON"
            })
    void aPathForANameLeadsNowhere(String name) throws IOException {
        List<Path> before = outside();
        Calls.Answer file = calls.upload(name, "Some text.");
        assertThat(file.status()).as(file.response().body()).isIn(200, 400);
        if (file.status() == 200) {
            assertThat(file.text("/filename")).doesNotContain("/", "\\", "..").isNotBlank();
            assertThat(calls.delete("/v1/files/" + file.text("/id")).status()).isEqualTo(200);
        }
        assertThat(outside()).isEqualTo(before);
    }

    private static List<Path> outside() throws IOException {
        try (Stream<Path> all = Files.walk(folder)) {
            return all.filter(path -> !path.startsWith(folder.resolve("data/files"))
                            && !path.startsWith(folder.resolve("data/tmp")))
                    .sorted()
                    .toList();
        }
    }

    @Test
    void aTenantHasSoManyFilesAndNoMore() {
        List<String> files = Stream.generate(
                        () -> calls.upload("a.txt", "Some text.").text("/id"))
                .limit(FILES)
                .toList();
        Calls.Answer refused = calls.upload("a.txt", "Some text.");
        assertThat(refused.status()).isEqualTo(409);
        assertThat(refused.text("/error/code")).isEqualTo("too_many_files");
        calls.delete("/v1/files/" + files.getFirst());
        files.subList(1, FILES).forEach(file -> calls.delete("/v1/files/" + file));
        assertThat(calls.get("/v1/files").json().get("data")).isEmpty();
    }

    @Test
    void aDocumentThatIsTooLongOrHasNoEndIsRefusedByItsJob() throws InterruptedException {
        for (String text : List.of("gulls ".repeat(3_000), "a".repeat(19_000), "0".repeat(19_000))) {
            String file = calls.upload("long.txt", text).text("/id");
            JsonNode job = calls.awaitStatus(calls.create(file, "short").text("/id"), "failed");
            assertThat(job.at("/error/code").asText()).isEqualTo("invalid_training_file");
            assertThat(job.at("/error/message").asText()).contains("more than 2000 tokens");
            calls.delete("/v1/files/" + file);
        }
    }

    private static void assertNothingIsLeft() throws IOException, InterruptedException {
        List<Path> left = left();
        // The web server clears up behind the answer.
        for (int i = 0; i < 200 && !left.isEmpty(); i++) {
            Thread.sleep(20);
            left = left();
        }
        assertThat(left).isEmpty();
    }

    private static List<Path> left() throws IOException {
        try (Stream<Path> received = Files.list(folder.resolve("data/tmp"));
                Stream<Path> files = Files.list(folder.resolve("data/files"))) {
            return Stream.concat(received, files).toList();
        }
    }
}
