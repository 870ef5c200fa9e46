package io.github.lift4j.server.answer;

import io.github.lift4j.answer.Answerer;
import io.github.lift4j.answer.Mode;
import io.github.lift4j.answer.Prepared;
import io.github.lift4j.answer.Window;
import io.github.lift4j.engine.adapter.PeftFormat;
import io.github.lift4j.engine.generation.Context;
import io.github.lift4j.engine.generation.ContinuousBatch;
import io.github.lift4j.engine.model.LanguageModel;
import io.github.lift4j.engine.tokenizer.Message;
import io.github.lift4j.engine.transformer.Adaptation;
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
        return new Talking(Answerer.open(model, opened, mode, Window.full(room), passages(opened), system));
    }

    private Evidence passages(Memory opened) {
        return mode.evidence() ? Evidence.named(evidence, opened.text()) : Evidence.NONE;
    }

    @Override
    public Optional<Path> folder() {
        return Optional.of(memory);
    }

    @Override
    public boolean inCompany() {
        boolean recalls = mode.evidence() && evidence.equals(Evidence.RECALL);
        return !mode.document() && !recalls && (!mode.absorbed() || PeftFormat.isIn(memory));
    }

    @Override
    public Optional<Path> learned() {
        return mode.absorbed() ? Optional.of(memory) : Optional.empty();
    }

    @Override
    public Writer<List<Message>> open(LanguageModel model, Adaptation weights) {
        Memory opened = Memory.open(memory);
        return new Talking(Answerer.open(model, opened, mode, Window.full(room), passages(opened), system, weights));
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
        public Context context() {
            return answerer.context();
        }

        @Override
        public void close() {
            answerer.close();
        }
    }
}
