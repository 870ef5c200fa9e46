package io.github.lift4j.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.lift4j.Lift;
import io.github.lift4j.LiftOptions;
import io.github.lift4j.server.LiftServer;
import io.github.lift4j.server.ServerSettings;
import io.github.lift4j.server.answer.Desk;
import io.github.lift4j.server.store.Limits;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import java.util.zip.Deflater;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.apache.pdfbox.pdmodel.PDDocument;
import org.apache.pdfbox.pdmodel.PDPage;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Files that were made to harm who reads them, through the service with all readers: its job says why, and all goes on. */
class HostileUploadTest {

    private static final HttpClient CLIENT = HttpClient.newHttpClient();
    private static final int MEGABYTE = 1 << 20;

    @TempDir
    private static Path folder;

    private static Lift lift;
    private static LiftServer server;

    @BeforeAll
    static void start() {
        lift = Lift.open(LiftOptions.defaults()
                .withModel("../lift4j-core/src/test/resources/tiny")
                .withDevice("cpu")
                .withDtype("float32"));
        server = LiftServer.start(
                lift,
                ServerSettings.of(folder.resolve("data"))
                        .at("127.0.0.1", 0)
                        .with(new Limits(64L << 20, 10, 10, 10_000, Duration.ofSeconds(20)), new Desk.Size(1, 8, 1)));
    }

    @AfterAll
    static void stop() {
        server.close();
        lift.close();
    }

    static Stream<Arguments> hostile() throws IOException {
        byte[] zeros = new byte[64 * MEGABYTE];
        Arrays.fill(zeros, (byte) 'a');
        byte[] nested = zip(Map.of("a.txt", "deep".getBytes(StandardCharsets.UTF_8)));
        for (int depth = 0; depth < 40; depth++) {
            nested = zip(Map.of("a.zip", nested));
        }
        return Stream.of(
                Arguments.of("bomb.docx", docx(zeros), "made to exhaust"),
                Arguments.of("bomb.epub", epub("c.xhtml", zeros), "made to exhaust"),
                // An honest one, but for its length: what it says comes through.
                Arguments.of("honest.docx", docx(bytes(words())), "more than 10000 tokens"),
                Arguments.of("laughs.docx", docx(laughs()), "damaged"),
                Arguments.of("deep.docx", docx("<w:p>".repeat(200_000).getBytes(StandardCharsets.UTF_8)), "damaged"),
                Arguments.of("nested.zip", nested, "convert it to plain text"),
                Arguments.of("nested.docx", nested, "convert it to plain text"),
                Arguments.of("escaping.epub", epub("../../../../../../escaped", bytes("x")), "fewer than 2 tokens"),
                Arguments.of("truncated.pdf", truncated(), "damaged"),
                Arguments.of("nothing.pdf", "%PDF-1.7\n".getBytes(StandardCharsets.US_ASCII), "damaged"),
                Arguments.of("bomb.pdf", pdf("/Filter /FlateDecode", bomb()), "was stopped"),
                Arguments.of("tags.html", bytes("<html>" + "<p>a".repeat(14_000_000)), "was stopped"),
                Arguments.of(
                        "loop.pdf", pdf("/Contents 4 0 R", "/X Do ".getBytes(StandardCharsets.US_ASCII)), "no text"),
                Arguments.of("zeros.bin", new byte[MEGABYTE], "binary"),
                Arguments.of("endless.txt", Arrays.copyOf(zeros, 2 * MEGABYTE), "a word or a gap"),
                Arguments.of(
                        "endless.html",
                        ("<p>" + "a".repeat(2 * MEGABYTE)).getBytes(StandardCharsets.UTF_8),
                        "a word or a gap"),
                Arguments.of(
                        "long.txt", "gull ".repeat(20_000).getBytes(StandardCharsets.UTF_8), "more than 10000 tokens"));
    }

    @ParameterizedTest
    @MethodSource("hostile")
    void itsJobFailsWithAReasonAndNothingElseHappens(String name, byte[] content, String saying) throws Exception {
        List<Path> before = outside();
        String file = upload(name, content);
        try {
            assertItsJobFails(file, saying);
        } finally {
            CLIENT.send(request("/v1/files/" + file).DELETE().build(), HttpResponse.BodyHandlers.discarding());
        }
        assertThat(get("/ready").get("status").asText()).isEqualTo("ready");
        assertThat(outside()).isEqualTo(before);
        assertThat(left("tmp")).allMatch(path -> path.getFileName().toString().equals(".pdfbox.cache"));
        assertThat(left("files")).isEmpty();
        assertThat(left("memories")).isEmpty();
    }

    private static void assertItsJobFails(String file, String saying) throws Exception {
        JsonNode job = post("/v1/fine_tuning/jobs", "{\"model\": \"tiny\", \"training_file\": \"" + file + "\"}");
        long end = System.nanoTime() + Duration.ofSeconds(90).toNanos();
        while (job.get("finished_at").isNull()) {
            assertThat(System.nanoTime()).as("it hangs").isLessThan(end);
            Thread.sleep(20);
            job = get("/v1/fine_tuning/jobs/" + job.get("id").asText());
        }
        assertThat(job.get("status").asText()).as(job.toString()).isEqualTo("failed");
        assertThat(job.at("/error/code").asText()).isEqualTo("invalid_training_file");
        assertThat(job.at("/error/message").asText())
                .contains(saying)
                .endsWith(".")
                .doesNotContain(folder.toString(), "\n");
    }

    /** All that the service could have written outside of its data folder. */
    private static List<Path> outside() throws IOException {
        List<Path> found = new ArrayList<>();
        for (Path place : List.of(
                folder,
                Path.of(System.getProperty("java.io.tmpdir")),
                Path.of(System.getProperty("user.home")),
                Path.of("/"),
                Path.of(""))) {
            try (Stream<Path> entries = Files.list(place)) {
                entries.filter(path -> path.toString().matches(".*(escaped|apache-tika|poifiles|PDFBox|pdfbox).*"))
                        .forEach(found::add);
            }
        }
        return found;
    }

    private static List<Path> left(String part) throws IOException {
        try (Stream<Path> entries = Files.list(folder.resolve("data").resolve(part))) {
            return entries.toList();
        }
    }

    private static byte[] docx(byte[] body) throws IOException {
        return zip(Map.of(
                "[Content_Types].xml", bytes("""
                <Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">
                <Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>
                <Override PartName="/word/document.xml" ContentType=\
                "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/></Types>"""),
                "_rels/.rels", bytes("""
                <Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">
                <Relationship Id="r1" Target="word/document.xml" Type=\
                "http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument"/></Relationships>"""),
                "word/document.xml", around("""
                <w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body><w:p><w:r><w:t>""", body, "</w:t></w:r></w:p></w:body></w:document>")));
    }

    private static byte[] epub(String name, byte[] chapter) throws IOException {
        return zip(Map.of(
                "mimetype",
                bytes("application/epub+zip"),
                "META-INF/container.xml",
                bytes("""
                <container version="1.0" xmlns="urn:oasis:names:tc:opendocument:xmlns:container"><rootfiles>
                <rootfile full-path="content.opf" media-type="application/oebps-package+xml"/></rootfiles></container>"""),
                "content.opf",
                bytes("""
                <package xmlns="http://www.idpf.org/2007/opf" version="3.0"><metadata/><manifest>
                <item id="c" href="%s" media-type="application/xhtml+xml"/></manifest><spine><itemref idref="c"/></spine>
                </package>""".formatted(name)),
                name,
                around("<html><body>", chapter, "</body></html>")));
    }

    private static String words() {
        return IntStream.range(0, 20_000)
                .mapToObj(day -> "On day " + day + " there were " + day * 37 % 1_001 + " gulls.")
                .collect(Collectors.joining(" "));
    }

    private static byte[] laughs() {
        StringBuilder entities = new StringBuilder("<!DOCTYPE x [<!ENTITY l0 \"ha\">");
        for (int i = 1; i < 12; i++) {
            entities.append("<!ENTITY l%d \"%s\">".formatted(i, ("&l" + (i - 1) + ";").repeat(10)));
        }
        return bytes(entities + "]><x>&l11;</x>");
    }

    /** A small page that inflates to 4 GB. */
    private static byte[] bomb() {
        Deflater deflater = new Deflater();
        byte[] block = new byte[1 << 16];
        ByteArrayOutputStream bomb = new ByteArrayOutputStream();
        deflater.setInput(new byte[MEGABYTE]);
        bomb.write(block, 0, deflater.deflate(block, 0, block.length, Deflater.FULL_FLUSH));
        deflater.setInput(new byte[MEGABYTE]);
        int length = deflater.deflate(block, 0, block.length, Deflater.FULL_FLUSH);
        for (int i = 0; i < 4_096; i++) {
            bomb.write(block, 0, length);
        }
        deflater.end();
        return bomb.toByteArray();
    }

    private static byte[] pdf(String entries, byte[] stream) {
        return around(
                "%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n"
                        + "2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n"
                        + "3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]/Contents 4 0 R"
                        + "/Resources<</XObject<</X 4 0 R>>>>>>endobj\n"
                        + "4 0 obj<</Type/XObject/Subtype/Form/BBox[0 0 9 9]/Resources<</XObject<</X 4 0 R>>>>"
                        + entries + "/Length " + stream.length + ">>stream\n",
                stream,
                "\nendstream endobj\ntrailer<</Root 1 0 R>>\n%%EOF");
    }

    private static byte[] truncated() throws IOException {
        try (PDDocument document = new PDDocument();
                ByteArrayOutputStream out = new ByteArrayOutputStream()) {
            for (int i = 0; i < 20; i++) {
                document.addPage(new PDPage());
            }
            document.save(out);
            return Arrays.copyOf(out.toByteArray(), out.size() / 2);
        }
    }

    private static byte[] around(String before, byte[] content, String... after) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        all.writeBytes(bytes(before));
        all.writeBytes(content);
        all.writeBytes(bytes(String.join("", after)));
        return all.toByteArray();
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static byte[] zip(Map<String, byte[]> files) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (ZipOutputStream zip = new ZipOutputStream(out)) {
            for (Map.Entry<String, byte[]> file : files.entrySet()) {
                zip.putNextEntry(new ZipEntry(file.getKey()));
                zip.write(file.getValue());
            }
        }
        return out.toByteArray();
    }

    private static String upload(String name, byte[] content) throws Exception {
        byte[] form = around(
                "--b\r\nContent-Disposition: form-data; name=\"purpose\"\r\n\r\nfine-tune\r\n--b\r\n"
                        + "Content-Disposition: form-data; name=\"file\"; filename=\"" + name + "\"\r\n\r\n",
                content,
                "\r\n--b--\r\n");
        return json(request("/v1/files")
                        .header("Content-Type", "multipart/form-data; boundary=b")
                        .POST(HttpRequest.BodyPublishers.ofByteArray(form)))
                .get("id")
                .asText();
    }

    private static JsonNode post(String path, String body) throws Exception {
        return json(request(path).POST(HttpRequest.BodyPublishers.ofString(body)));
    }

    private static JsonNode get(String path) throws Exception {
        return json(request(path));
    }

    private static HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.port() + path))
                .timeout(Duration.ofSeconds(60));
    }

    private static JsonNode json(HttpRequest.Builder request) throws Exception {
        HttpResponse<String> response = CLIENT.send(request.build(), HttpResponse.BodyHandlers.ofString());
        assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
        return new ObjectMapper().readTree(response.body());
    }
}
