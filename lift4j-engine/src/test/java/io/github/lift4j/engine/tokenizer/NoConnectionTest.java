package io.github.lift4j.engine.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * DJL reports its use to a server and may download natives unless the environment says otherwise. A library's user sets
 * no such thing, so a fresh process without these settings uses a tokenizer, and its list of loaded classes is looked
 * through for what could open a connection.
 */
class NoConnectionTest {

    @Test
    void nothingIsSentOrFetched(@TempDir Path folder) throws IOException, InterruptedException {
        Path classes = folder.resolve("classes.txt");
        ProcessBuilder builder = new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                "-Xlog:class+load:file=" + classes,
                "-cp",
                System.getProperty("java.class.path"),
                RoundTrip.class.getName(),
                Samples.folder("byte_level").toString());
        builder.environment().keySet().removeAll(List.of("OPT_OUT_TRACKING", "RUST_FLAVOR", "DJL_OFFLINE"));
        builder.environment().put("DJL_CACHE_DIR", folder.resolve("cache").toString());
        builder.redirectErrorStream(true);
        Process process = builder.start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(output).contains("round trip: true").contains("flavor: null");
        assertThat(Files.readString(classes))
                .contains("ai.djl.huggingface.tokenizers.jni.TokenizersLibrary ")
                .doesNotContain("ai.djl.util.Ec2Utils ")
                .doesNotContain("java.net.HttpURLConnection ")
                .doesNotContain("java.net.Socket ")
                .doesNotContain("java.net.http.HttpClient ");
    }

    /** The process. */
    static final class RoundTrip {

        private RoundTrip() {}

        public static void main(String[] args) {
            try (Tokenizer tokenizer = Tokenizer.open(Path.of(args[0]))) {
                System.out.println("round trip: "
                        + tokenizer.decode(tokenizer.encode("a text")).equals("a text"));
            }
            System.out.println("flavor: " + System.getProperty("RUST_FLAVOR"));
        }
    }
}
