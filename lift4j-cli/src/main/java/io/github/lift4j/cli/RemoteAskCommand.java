package io.github.lift4j.cli;

import io.github.lift4j.answer.Answer;
import io.github.lift4j.evidence.Evidence;
import io.github.lift4j.remote.ClosedModel;
import io.github.lift4j.remote.TokenCounter;
import io.github.lift4j.remote.Window;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import java.util.random.RandomGenerator;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code lift remote ask}: one question to a closed model, one answer. */
@Command(
        name = "ask",
        mixinStandardHelpOptions = true,
        description = "Answers a question about a document that a closed model absorbed.",
        footer = {
            "",
            "There is no mode with sft here: a base that was fine-tuned beforehand is another --model of remote absorb.",
            "The same question in the same mode is not paid for again: answers are kept in the folder.",
            "",
            "Example:",
            "  lift remote ask book.remote \"Who built the lighthouse?\" --mode lift+evidence+icl --evidence recall"
        })
final class RemoteAskCommand implements Callable<Integer> {

    @Spec
    private CommandSpec spec;

    @Parameters(index = "0", paramLabel = "DIR", description = "The folder that remote absorb wrote.")
    private Path folder;

    @Parameters(index = "1", paramLabel = "QUESTION", description = "The question.")
    private String question;

    @Mixin
    private ModeOptions answering;

    @Option(
            names = "--window",
            paramLabel = "TOKENS",
            defaultValue = "14000",
            description = "What the provider's model reads and writes at most (default: ${DEFAULT-VALUE}, which is"
                    + " gpt-3.5-turbo's less what counting tokens by length may miss).")
    private long window;

    @Mixin
    private EndpointOptions provider;

    @Mixin
    private OutputOptions output;

    @Override
    public Integer call() {
        if (window < 1 || answering.limit() < 1) {
            throw new ParameterException(spec.commandLine(), "--window and --max-tokens are at least 1.");
        }
        answering.mode(); // a mistake in its name is told before anything else
        Window size = new Window(window, TokenCounter.ANY_SCRIPT);
        try (ClosedModel model = ClosedModel.open(provider.endpoint(), folder, size, RandomGenerator.getDefault());
                Evidence evidence = answering.evidence(model::text)) {
            Answer answer = model.ask(question, answering.mode(), evidence, answering.limit());
            output.print(AskCommand.keys(answer), answer.answer());
        }
        return 0;
    }
}
