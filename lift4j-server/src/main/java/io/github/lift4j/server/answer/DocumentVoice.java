package io.github.lift4j.server.answer;

import io.github.lift4j.answer.Answerer;
import io.github.lift4j.answer.Mode;
import io.github.lift4j.answer.Prepared;
import io.github.lift4j.answer.Window;
import io.github.lift4j.engine.generation.ContinuousBatch;
import io.github.lift4j.engine.model.LanguageModel;
import io.github.lift4j.engine.tokenizer.Message;
import io.github.lift4j.evidence.Evidence;
import io.github.lift4j.memory.Memory;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * A memory that is talked with about its document.
 *
 * @param memory its folder
 * @param mode in which it answers
 * @param evidence where a mode with evidence has it from
 * @param system the system message, or an empty text
 * @param room tokens kept free for an answer: the document is laid out in the rest of the window
 */
public record DocumentVoice(Path memory, Mode mode, String evidence, String system, int room)
        implements Voice<List<Message>> {

    @Override
    public Writer<List<Message>> open(LanguageModel model) {
        Memory opened = Memory.open(memory);
        Evidence passages = mode.evidence() ? Evidence.named(evidence, opened.text()) : Evidence.NONE;
        try {
            return new Talking(Answerer.open(model, opened, mode, Window.full(room), passages, system));
        } catch (RuntimeException e) {
            passages.close();
            throw e;
        }
    }

    @Override
    public Optional<Path> folder() {
        return Optional.of(memory);
    }

    private record Talking(Answerer answerer) implements Writer<List<Message>> {

        @Override
        public Optional<Prepared> prepare(List<Message> talk, int most) {
            return answerer.prepare(talk);
        }

        @Override
        public ContinuousBatch batch() {
            return answerer.batch();
        }

        @Override
        public void close() {
            answerer.close();
        }
    }
}
