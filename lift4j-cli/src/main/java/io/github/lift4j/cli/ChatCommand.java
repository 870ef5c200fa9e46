package io.github.lift4j.cli;

import io.github.lift4j.Lift;
import io.github.lift4j.answer.Answerer;
import io.github.lift4j.engine.LiftException;
import io.github.lift4j.memory.Memory;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code lift chat}: one question a line, until the end of input. */
@Command(
        name = "chat",
        mixinStandardHelpOptions = true,
        description = "Answers questions about an absorbed document, one a line; an empty line ends it.")
final class ChatCommand implements Callable<Integer> {

    @Parameters(index = "0", paramLabel = "MEMORY", description = "The folder that absorb wrote.")
    private Path folder;

    @Mixin
    private AnswerOptions answering;

    @Mixin
    private ModelOptions model;

    @Mixin
    private OutputOptions output;

    @Override
    public Integer call() throws IOException {
        Memory memory = Memory.open(folder);
        try (ProgressDisplay progress = output.progress();
                Lift lift = model.open(Optional.of(memory.manifest().baseName()), progress);
                Answerer answerer = answering.open(lift, memory)) {
            progress.close();
            talk(answerer, memory.manifest().title());
        }
        return 0;
    }

    private void talk(Answerer answerer, String title) throws IOException {
        PrintWriter out = output.out();
        BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        out.println("Ask about \"" + title + "\"; an empty line ends the talk.");
        while (true) {
            out.print("> ");
            out.flush();
            String question = in.readLine();
            if (question == null || question.isBlank()) {
                return;
            }
            try {
                answerer.ask(question, answering.sampling(), piece -> {
                    out.print(piece);
                    out.flush();
                });
            } catch (LiftException e) {
                out.print(e.getMessage());
            }
            out.println();
        }
    }
}
