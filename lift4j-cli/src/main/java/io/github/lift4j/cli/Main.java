package io.github.lift4j.cli;

import io.github.lift4j.engine.LiftException;
import io.github.lift4j.engine.runtime.PeakMemory;
import java.util.concurrent.CancellationException;
import picocli.AutoComplete.GenerateCompletion;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;

/** The {@code lift} command. Exit codes: 0 done, 1 failed, 2 wrong use. */
@Command(
        name = "lift",
        mixinStandardHelpOptions = true,
        versionProvider = Main.Version.class,
        description = "Teaches a language model a document longer than its window, and answers from it.",
        subcommands = {
            AbsorbCommand.class,
            AskCommand.class,
            ChatCommand.class,
            SynthesizeCommand.class,
            RecipeCommand.class,
            SftCommand.class,
            RemoteCommand.class,
            ExportCommand.class,
            ImportCommand.class,
            ModelsCommand.class,
            DemoCommand.class,
            DoctorCommand.class,
            BenchCommand.class,
            ReportCommand.class,
            ServeCommand.class,
            KeysCommand.class,
            GenerateCompletion.class
        },
        footer = {
            "",
            "Examples:",
            "  lift demo",
            "  lift absorb book.pdf --out book.memory",
            "  lift ask book.memory \"Who built the lighthouse?\" --mode lift+icl",
            "  source <(lift generate-completion)"
        })
public final class Main implements Runnable {

    @Spec
    private CommandSpec spec;

    @Option(
            names = "--verbose",
            scope = ScopeType.INHERIT,
            description = "Shows where in the program an error came from.")
    private boolean verbose;

    Main() {}

    public static void main(String[] arguments) {
        Thread worker = Thread.currentThread();
        Runtime.getRuntime().addShutdownHook(new Thread(() -> stop(worker), "stop"));
        int code = commandLine().execute(arguments);
        // Halting skips the hook above, which waits for this very thread.
        System.out.flush();
        System.err.flush();
        Runtime.getRuntime().halt(code);
    }

    /** The command with everything below it, as the tests type it. */
    static CommandLine commandLine() {
        CommandLine line = new CommandLine(new Main());
        line.setExecutionExceptionHandler(Main::explain);
        line.setCaseInsensitiveEnumValuesAllowed(true);
        return line;
    }

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "lift needs a command, one of those below.");
    }

    /** Ctrl-C interrupts the work and gives it time to save what it has. */
    private static void stop(Thread worker) {
        worker.interrupt();
        try {
            worker.join(20_000);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static int explain(Exception e, CommandLine line, ParseResult parsed) {
        boolean verbose = ((Main) line.getCommandSpec().root().userObject()).verbose;
        line.getErr().println("lift: " + sentence(e));
        if (verbose) {
            e.printStackTrace(line.getErr());
        }
        return 1;
    }

    /** What a person is told of a failure. */
    static String sentence(Exception e) {
        return switch (e) {
            case LiftException known -> String.valueOf(known.getMessage());
            case CancellationException stopped -> String.valueOf(stopped.getMessage());
            case Exception any
            when PeakMemory.ranOut(any) ->
                "There is not enough memory: stop what else uses it, or use a recipe with fewer step_tokens and shorter"
                        + " segments, or another --device.";
            default ->
                "Something is wrong in lift4j itself: " + e + "; run it again with --verbose and report what it says.";
        };
    }

    /** The version in the manifest of the jar that is running. */
    static String version() {
        String version = Main.class.getPackage().getImplementationVersion();
        return version == null ? "(built without a jar)" : version;
    }

    /** Says it. */
    static final class Version implements IVersionProvider {

        @Override
        public String[] getVersion() {
            return new String[] {"lift4j " + version()};
        }
    }
}
