package io.github.lift4j.cli;

import io.github.lift4j.Lift;
import io.github.lift4j.answer.Answer;
import io.github.lift4j.answer.Answerer;
import io.github.lift4j.memory.Memory;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code lift ask}: one question, one answer. */
@Command(
        name = "ask",
        mixinStandardHelpOptions = true,
        description = "Answers a question about an absorbed document.",
        footer = {"", "Example:", "  lift ask book.memory \"Who built the lighthouse?\" --mode lift+icl --json"})
final class AskCommand implements Callable<Integer> {

    @Parameters(index = "0", paramLabel = "MEMORY", description = "The folder that absorb wrote.")
    private Path folder;

    @Parameters(index = "1", paramLabel = "QUESTION", description = "The question.")
    private String question;

    @Mixin
    private AnswerOptions answering;

    @Mixin
    private ModelOptions model;

    @Mixin
    private OutputOptions output;

    @Override
    public Integer call() {
        Memory memory = Memory.open(folder);
        answering.mode(); // a mistake in its name is told before a model is loaded
        try (ProgressDisplay progress = output.progress();
                Lift lift = model.open(Optional.of(memory.manifest().baseName()), progress);
                Answerer answerer = answering.open(lift, memory)) {
            progress.close();
            Consumer<String> pieces = output.isJson() ? piece -> {} : this::stream;
            Answer answer = answerer.ask(question, answering.sampling(), pieces);
            output.print(keys(answer), "");
        }
        return 0;
    }

    /** What {@code --json} prints of an answer. */
    static Map<String, Object> keys(Answer answer) {
        Map<String, Object> result = new LinkedHashMap<>();
        result.put("answer", answer.answer());
        result.put("mode", answer.mode().toString());
        result.put("prompt_tokens", answer.promptTokens());
        result.put("answer_tokens", answer.answerTokens());
        result.put("seconds_to_first_token", answer.secondsToFirstToken());
        result.put("evidence", answer.evidence());
        return result;
    }

    private void stream(String piece) {
        output.out().print(piece);
        output.out().flush();
    }
}
