package io.github.lift4j.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/**
 * {@code lift bench}: with {@link SpeedBench} how fast this machine is, with {@link EfficiencyBench} how time grows with length, with {@link RecipesBench} how good recipes are, and
 * with {@link SuiteBench} the benchmarks ({@link ScoreBench} and {@link ExportBench} go on with their results).
 */
@Command(
        name = "bench",
        mixinStandardHelpOptions = true,
        description = "Measures this machine, what comes of recipes, and benchmarks.",
        subcommands = {
            SpeedBench.class,
            EfficiencyBench.class,
            RecipesBench.class,
            SuiteBench.class,
            ScoreBench.class,
            ExportBench.class
        })
final class BenchCommand implements Runnable {

    @Spec
    private CommandSpec spec;

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "bench needs one of: speed, recipes, run, score, export.");
    }
}
