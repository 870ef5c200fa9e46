package io.github.lift4j.cli;

import io.github.lift4j.Lift;
import io.github.lift4j.server.LiftServer;
import io.github.lift4j.server.ServerSettings;
import io.github.lift4j.server.answer.Desk;
import io.github.lift4j.server.store.KeyRing;
import io.github.lift4j.server.store.Limits;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code lift serve}: the model over HTTP, until it is stopped. */
@Command(
        name = "serve",
        mixinStandardHelpOptions = true,
        description = "Serves OpenAI's API: upload documents, absorb them as jobs, ask the memories.",
        footer = {
            "",
            "Jobs and memories are in --data; what was under way when it stopped goes on at the next start.",
            "",
            "Example:",
            "  lift serve --data lift-data --port 8080"
        })
final class ServeCommand implements Callable<Integer> {

    @Option(
            names = "--data",
            paramLabel = "DIR",
            defaultValue = "lift-data",
            description = "What it keeps lies here (default: ${DEFAULT-VALUE}).")
    private Path data;

    @Option(
            names = "--host",
            paramLabel = "ADDRESS",
            defaultValue = "127.0.0.1",
            description = "An address of this machine; one that others can reach needs keys first, see lift keys"
                    + " (default: ${DEFAULT-VALUE}).")
    private String host;

    @Option(names = "--port", defaultValue = "8080", description = "0 for any free one (default: ${DEFAULT-VALUE}).")
    private int port;

    @Option(
            names = "--max-file-mb",
            paramLabel = "MB",
            defaultValue = "512",
            description = "Largest file to upload (default: ${DEFAULT-VALUE}).")
    private int fileMegabytes;

    @Option(
            names = "--max-jobs",
            paramLabel = "N",
            defaultValue = "100",
            description = "Jobs of one tenant that may wait or run (default: ${DEFAULT-VALUE}).")
    private int jobs;

    @Option(
            names = "--max-files",
            paramLabel = "N",
            defaultValue = "1000",
            description = "Files that one tenant may keep (default: ${DEFAULT-VALUE}).")
    private int files;

    @Option(
            names = "--max-document-tokens",
            paramLabel = "N",
            defaultValue = "2000000",
            description = "Longest document to absorb (default: ${DEFAULT-VALUE}).")
    private long tokens;

    @Option(
            names = "--max-read-seconds",
            paramLabel = "S",
            defaultValue = "300",
            description = "How long reading a document may take (default: ${DEFAULT-VALUE}).")
    private int readSeconds;

    @Option(
            names = "--answers",
            paramLabel = "N",
            defaultValue = "64",
            description =
                    "Answers written at the same time, those of one memory side by side (default: ${DEFAULT-VALUE}).")
    private int answers;

    @Option(
            names = "--max-waiting",
            paramLabel = "N",
            defaultValue = "64",
            description =
                    "Questions that may wait behind them, and callers whose texts are embedded (default: ${DEFAULT-VALUE}).")
    private int waiting;

    @Option(
            names = "--loaded",
            paramLabel = "N",
            defaultValue = "4",
            description = {
                "Memories that stay loaded while nobody asks them, and as many",
                "with their document in the window (default: ${DEFAULT-VALUE})."
            })
    private int loaded;

    @Mixin
    private ModelOptions model;

    @Mixin
    private OutputOptions output;

    @Override
    public Integer call() {
        // What is wrong with it is told before a model is loaded.
        ServerSettings settings = ServerSettings.of(data)
                .at(host, port)
                .with(
                        new Limits((long) fileMegabytes << 20, files, jobs, tokens, Duration.ofSeconds(readSeconds)),
                        new Desk.Size(answers, waiting, loaded));
        LiftServer.require(settings);
        try (ProgressDisplay progress = output.progress();
                Lift lift = model.open(Optional.empty(), LiftServer.dtype(data), progress)) {
            progress.close();
            try (LiftServer server = LiftServer.start(lift, settings)) {
                say(server);
                untilStopped();
            }
        }
        return 0;
    }

    private void say(LiftServer server) {
        String address = "http://" + host + ":" + server.port() + "/v1";
        Map<String, Object> result = new LinkedHashMap<>();
        result.put("base_url", address);
        result.put("data", data.toString());
        String keys = KeyRing.anyIn(data) ? "see lift keys" : "any key will do";
        output.print(result, "Serving " + address + " (" + keys + "); Ctrl-C stops it and saves what is under way.");
    }

    private static void untilStopped() {
        try {
            new CountDownLatch(1).await();
        } catch (InterruptedException stopped) {
            // That is how it is stopped; what follows is to be done in peace.
            Thread.interrupted();
        }
    }
}
