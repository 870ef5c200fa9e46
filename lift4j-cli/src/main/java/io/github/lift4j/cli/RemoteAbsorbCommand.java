package io.github.lift4j.cli;

import io.github.lift4j.document.Document;
import io.github.lift4j.engine.LiftException;
import io.github.lift4j.remote.FineTuning;
import io.github.lift4j.remote.FineTuningPlan;
import io.github.lift4j.remote.Tariff;
import io.github.lift4j.task.Task;
import io.github.lift4j.task.TaskFile;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code lift remote absorb}: a document becomes a tuned model at a provider. */
@Command(
        name = "absorb",
        mixinStandardHelpOptions = true,
        description = "Fine-tunes a provider's model on a document, and waits until it is done.",
        footer = {
            "",
            "Examples:",
            "  lift remote absorb book.pdf --model gpt-3.5-turbo-1106 --out book.remote",
            "  lift remote absorb --out book.remote",
            "",
            "Stopped or killed, the job goes on at the provider: the same command, or the second of these, goes on waiting",
            "for it, and nothing is uploaded or paid for again. lift remote cancel DIR stops the job itself."
        })
final class RemoteAbsorbCommand implements Callable<Integer> {

    @Spec
    private CommandSpec spec;

    @Parameters(
            arity = "0..1",
            paramLabel = "DOC",
            description =
                    "Text, Markdown, HTML, PDF, EPUB or DOCX file, or - for standard input; without it, goes on with"
                            + " what was begun in --out.")
    private @Nullable String file;

    @Option(
            names = "--model",
            paramLabel = "NAME",
            description = "The provider's name of the model to tune, such as gpt-3.5-turbo-1106.")
    private @Nullable String model;

    @Option(
            names = "--out",
            paramLabel = "DIR",
            required = true,
            description = "The folder of the document, the training file and how far it has come.")
    private Path out;

    @Option(
            names = "--tasks",
            paramLabel = "FILE",
            description = "Trains on these questions and answers beside the segments, one JSON object a line.")
    private @Nullable Path tasks;

    @Option(
            names = "--epochs",
            paramLabel = "N",
            description = "How often everything is trained (default: 2, as in the recipe fast).")
    private @Nullable Integer epochs;

    @Option(
            names = "--price",
            paramLabel = "X",
            description = "The provider's price of a million trained tokens, to say what it will cost.")
    private @Nullable Double price;

    @Option(names = "--yes", description = "Agrees to the cost beforehand.")
    private boolean yes;

    @Mixin
    private EndpointOptions provider;

    @Mixin
    private OutputOptions output;

    @Override
    public Integer call() {
        check();
        try (ProgressDisplay progress = output.progress();
                FineTuning tuning = RemoteCommand.open(out, provider)) {
            if (file == null) {
                tuning.resume(progress);
            } else {
                train(tuning, file, progress);
            }
            progress.close();
            RemoteCommand.print(out, tuning.status(), output);
        } catch (LiftException e) {
            if (Thread.currentThread().isInterrupted()) {
                throw stopped(e);
            }
            throw e;
        }
        return 0;
    }

    private void check() {
        require(file == null || (model != null && !model.isBlank()), "a document is absorbed by a --model.");
        require(epochs == null || epochs >= 1, "--epochs is at least 1.");
        require(price == null || (price >= 0 && Double.isFinite(price)), "--price is not negative.");
    }

    private void require(boolean holds, String rule) {
        if (!holds) {
            throw new ParameterException(spec.commandLine(), rule);
        }
    }

    private void train(FineTuning tuning, String file, ProgressDisplay progress) {
        List<Task> beside = tasks == null ? List.of() : TaskFile.read(tasks);
        FineTuningPlan usual = FineTuningPlan.of(
                String.valueOf(model),
                Tariff.ofTraining(Optional.ofNullable(price).orElse(0.0)));
        FineTuningPlan plan = usual.withEpochs(Optional.ofNullable(epochs).orElse(usual.epochs()));
        try (Document document =
                file.equals("-") ? Document.read(System.in, "standard input") : Document.open(Path.of(file))) {
            CostConfirmation confirmation = new CostConfirmation(
                    spec.commandLine().getErr(),
                    "Training " + plan.model() + " on \"" + document.title() + "\"",
                    "with --price",
                    yes);
            tuning.train(document, beside, plan, confirmation, progress);
        }
    }

    private CancellationException stopped(LiftException interruption) {
        CancellationException stopped = new CancellationException(
                "Stopped waiting; a job that was made goes on at the provider: the same command"
                        + " goes on waiting for it, and lift remote cancel " + out + " stops it.");
        stopped.initCause(interruption);
        return stopped;
    }
}
