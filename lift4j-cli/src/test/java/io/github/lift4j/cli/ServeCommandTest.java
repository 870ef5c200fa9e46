package io.github.lift4j.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.PipedReader;
import java.io.PipedWriter;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;

/** {@code lift serve} as a person starts and stops it. */
class ServeCommandTest {

    private static final String MODEL = "../lift4j-core/src/test/resources/tiny";

    @ParameterizedTest
    @CsvSource({
        "--host,0.0.0.0,no keys",
        "--max-files,0,files",
        "--port,70000,port",
        "--answers,0,answer at a time",
        "--max-jobs,0,job"
    })
    void whatCannotBeIsSaidBeforeAModelIsLoaded(String option, String value, String word, @TempDir Path data) {
        StringWriter errors = new StringWriter();
        CommandLine line = Main.commandLine().setErr(new PrintWriter(errors));
        int code = line.execute(
                "serve", "--data", data.resolve("d").toString(), "--model", "/no/such/model", option, value);
        assertThat(code).isEqualTo(1);
        assertThat(errors.toString()).contains(word);
        assertThat(data.resolve("d")).doesNotExist();
    }

    @Test
    void itServesUntilItIsInterrupted(@TempDir Path data) throws Exception {
        PipedReader said = new PipedReader();
        CommandLine line = Main.commandLine().setOut(new PrintWriter(new PipedWriter(said)));
        FutureTask<Integer> serving = new FutureTask<>(() -> line.execute(
                "serve",
                "--data",
                data.toString(),
                "--model",
                MODEL,
                "--device",
                "cpu",
                "--port",
                "0",
                "--json",
                "--quiet"));
        Thread thread = Thread.ofPlatform().start(serving);
        String address = new ObjectMapper()
                .readTree(new BufferedReader(said).readLine())
                .get("base_url")
                .asText();
        try (HttpClient client = HttpClient.newHttpClient()) {
            HttpResponse<String> models = client.send(
                    HttpRequest.newBuilder(URI.create(address + "/models")).build(),
                    HttpResponse.BodyHandlers.ofString());
            assertThat(models.body()).contains("\"id\":\"tiny\"", "\"id\":\"e5-small-v2\"");
            HttpResponse<String> embedded = client.send(
                    HttpRequest.newBuilder(URI.create(address + "/embeddings"))
                            .POST(HttpRequest.BodyPublishers.ofString(
                                    "{\"model\": \"e5-small-v2\", \"input\": \"query: Who built the lighthouse?\"}"))
                            .build(),
                    HttpResponse.BodyHandlers.ofString());
            assertThat(new ObjectMapper().readTree(embedded.body()).at("/data/0/embedding"))
                    .as(embedded.body())
                    .hasSize(384);
        }
        thread.interrupt();
        assertThat(serving.get(60, TimeUnit.SECONDS)).isZero();
    }
}
