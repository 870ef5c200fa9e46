package io.github.lift4j.cli;

import io.github.lift4j.evaluation.result.RunFolder;
import io.github.lift4j.report.Report;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code lift report}: a run's page. */
@Command(
        name = "report",
        mixinStandardHelpOptions = true,
        description =
                "Writes what a run of benchmarks found as a page: the paper's tables and figures, and the answers.",
        footer = {"", "Example:", "  lift report runs/small --out report/"})
final class ReportCommand implements Callable<Integer> {

    @Spec
    private CommandSpec spec;

    @Parameters(paramLabel = "RUN", description = "The folder of a run; it may be under way still.")
    private Path run;

    @Option(names = "--out", paramLabel = "DIR", description = "Where to (default: report in the run's folder).")
    private @Nullable Path out;

    @Option(
            names = "--questions",
            paramLabel = "N",
            defaultValue = "2147483647",
            description = "Most questions of a kind that the page shows with their answers (default: all).")
    private int questions;

    @Mixin
    private OutputOptions output;

    @Override
    public Integer call() {
        if (questions < 0) {
            throw new ParameterException(
                    spec.commandLine(), "--questions is " + questions + ", but must be at least 0.");
        }
        Report report = Report.of(RunFolder.open(run));
        Path page = report.write(Optional.ofNullable(out).orElse(run.resolve("report")), questions);
        Map<String, Object> result = new LinkedHashMap<>();
        result.put("page", page.toString());
        result.put("finished", report.finished());
        result.put("planned", report.planned());
        output.print(result, page.toString());
        return 0;
    }
}
