package io.github.lift4j.retrieval;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.lift4j.evidence.EvidenceFinder;
import io.github.lift4j.evidence.EvidenceSource;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.ServiceLoader;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A fresh process, without the settings by which DJL is told to keep quiet, searches in both ways; its list of loaded
 * classes is looked through for what could open a connection. What it prints is what a person would have to read.
 */
class NoConnectionTest {

    @Test
    void nothingIsSentFetchedPrintedOrLeftBehind(@TempDir Path folder) throws IOException, InterruptedException {
        Path classes = folder.resolve("classes.txt");
        Path temporary = Files.createDirectory(folder.resolve("tmp"));
        ProcessBuilder builder = new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                "-Djava.io.tmpdir=" + temporary,
                "-Xlog:class+load:file=" + classes,
                "-cp",
                System.getProperty("java.class.path"),
                Search.class.getName());
        builder.environment().keySet().removeAll(List.of("OPT_OUT_TRACKING", "RUST_FLAVOR", "DJL_OFFLINE"));
        builder.environment().put("DJL_CACHE_DIR", folder.resolve("cache").toString());
        builder.redirectErrorStream(true);
        Process process = builder.start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(output.lines()).containsExactly("bm25: 1", "embedding: 1");
        // ONNX Runtime deletes the library that it unpacked, but not the folder around it.
        assertThat(temporary)
                .isDirectoryNotContaining(path -> path.getFileName().toString().startsWith("lift4j-"));
        try (Stream<Path> left = Files.walk(temporary)) {
            assertThat(left.filter(Files::isRegularFile)).isEmpty();
        }
        assertThat(Files.readString(classes))
                .contains("ai.djl.huggingface.tokenizers.jni.TokenizersLibrary ")
                .contains("ai.onnxruntime.OrtSession ")
                .contains("org.apache.lucene.search.IndexSearcher ")
                .doesNotContain("ai.djl.util.Ec2Utils ")
                .doesNotContain("java.net.HttpURLConnection ")
                .doesNotContain("java.net.Socket ")
                .doesNotContain("sun.nio.ch.Net ")
                .doesNotContain("java.net.http.HttpClient ");
    }

    /** The process. */
    static final class Search {

        private Search() {}

        public static void main(String[] args) {
            for (EvidenceSource source : ServiceLoader.load(EvidenceSource.class)) {
                try (EvidenceFinder finder = source.open(Texts.ISLAND)) {
                    System.out.println(source.name() + ": "
                            + finder.find("Who erected the lighthouse?", 1).size());
                }
            }
        }
    }
}
