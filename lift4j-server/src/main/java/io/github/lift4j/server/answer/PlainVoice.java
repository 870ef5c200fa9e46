package io.github.lift4j.server.answer;

import io.github.lift4j.answer.Prepared;
import io.github.lift4j.engine.LiftException;
import io.github.lift4j.engine.adapter.Attachment;
import io.github.lift4j.engine.adapter.PeftFormat;
import io.github.lift4j.engine.generation.Context;
import io.github.lift4j.engine.generation.ContinuousBatch;
import io.github.lift4j.engine.model.LanguageModel;
import io.github.lift4j.engine.transformer.Adaptation;
import io.github.lift4j.memory.Memory;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * The base model, or it with a memory's weights, that writes on from any text.
 *
 * @param memory its folder; empty for the base alone
 */
public record PlainVoice(Optional<Path> memory) implements Voice<String> {

    @Override
    public Writer<String> open(LanguageModel model) {
        if (memory.isEmpty()) {
            return open(model, Adaptation.NONE);
        }
        Attachment own = Memory.open(memory.get()).attach(model);
        return new Going(model, own, Optional.of(own));
    }

    @Override
    public Optional<Path> folder() {
        return memory;
    }

    @Override
    public boolean inCompany() {
        return memory.isEmpty() || PeftFormat.isIn(memory.get());
    }

    @Override
    public Optional<Path> learned() {
        return memory;
    }

    @Override
    public Writer<String> open(LanguageModel model, Adaptation weights) {
        return new Going(model, weights, Optional.empty());
    }

    private static final class Going implements Writer<String> {

        private final LanguageModel model;
        private final Optional<Attachment> attachment;
        private final Context empty;
        private final ContinuousBatch batch;

        /** @param attachment closed with it */
        Going(LanguageModel model, Adaptation weights, Optional<Attachment> attachment) {
            this.model = model;
            this.attachment = attachment;
            this.empty = new Context(model.transformer(), weights);
            this.batch = empty.batch(model.tokenizer().stopIds());
        }

        @Override
        public Optional<Prepared> prepare(String prompt, int most) {
            int[] ids = model.tokenizer().encode(prompt);
            if (ids.length == 0) {
                throw new LiftException("The prompt is empty: give at least one token to go on from.");
            }
            if (ids.length + most > model.window()) {
                throw new LiftException("The prompt has " + ids.length + " tokens, too many for a window of "
                        + model.window() + " with room for an answer of " + most + ": shorten either.");
            }
            return Optional.of(new Prepared(ids, ids.length, List.of()));
        }

        @Override
        public Context context() {
            return empty;
        }

        @Override
        public ContinuousBatch batch() {
            return batch;
        }

        @Override
        public void close() {
            batch.close();
            empty.close();
            attachment.ifPresent(Attachment::close);
        }
    }
}
