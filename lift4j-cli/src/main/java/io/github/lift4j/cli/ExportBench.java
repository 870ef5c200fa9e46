package io.github.lift4j.cli;

import io.github.lift4j.evaluation.result.ResultStore;
import io.github.lift4j.evaluation.result.ResultTables;
import io.github.lift4j.evaluation.result.RunFolder;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code lift bench export}: a run's results as tables. */
@Command(
        name = "export",
        mixinStandardHelpOptions = true,
        description = "Writes a run's answers, scores, needles and timings as tables for other programs.",
        footer = {"", "Example:", "  lift bench export runs/small --format parquet --out tables/"})
final class ExportBench implements Callable<Integer> {

    @Parameters(paramLabel = "RUN", description = "The folder of a run.")
    private Path run;

    @Option(
            names = "--format",
            paramLabel = "FORMAT",
            defaultValue = "csv",
            description = "csv or parquet (default: ${DEFAULT-VALUE}).")
    private ResultTables.Format format;

    @Option(names = "--out", paramLabel = "DIR", description = "Where to (default: tables in the run's folder).")
    private @Nullable Path out;

    @Mixin
    private OutputOptions output;

    @Override
    public Integer call() {
        try (ResultStore store = RunFolder.open(run).results()) {
            Path folder = Optional.ofNullable(out).orElse(run.resolve("tables"));
            List<String> files = ResultTables.write(store.results(), format, folder).stream()
                    .map(Path::toString)
                    .toList();
            output.print(
                    Map.of("files", files), files.isEmpty() ? "There is no result yet." : String.join("\n", files));
        }
        return 0;
    }
}
