package io.github.lift4j.server.answer;

import io.github.lift4j.engine.LiftException;
import io.github.lift4j.engine.adapter.Attachment;
import io.github.lift4j.engine.generation.Context;
import io.github.lift4j.engine.generation.Sampling;
import io.github.lift4j.engine.model.LanguageModel;
import io.github.lift4j.engine.tokenizer.StreamingDecoder;
import io.github.lift4j.engine.transformer.Adaptation;
import io.github.lift4j.memory.Memory;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The base model, or it with a memory's weights, that writes on from any text.
 *
 * @param memory its folder; empty for the base alone
 */
public record PlainVoice(Optional<Path> memory) implements Voice<String> {

    @Override
    public Writer<String> open(LanguageModel model) {
        return new Going(
                model, memory.map(folder -> Memory.open(folder).attach(model)).orElse(null));
    }

    private static final class Going implements Writer<String> {

        private final LanguageModel model;
        private final @Nullable Attachment attachment;
        private final Context context;

        Going(LanguageModel model, @Nullable Attachment attachment) {
            this.model = model;
            this.attachment = attachment;
            this.context = new Context(model.transformer(), attachment == null ? Adaptation.NONE : attachment);
        }

        @Override
        public Written write(String prompt, Sampling sampling, int most, Predicate<String> pieces) {
            int[] ids = model.tokenizer().encode(prompt);
            if (ids.length == 0) {
                throw new LiftException("The prompt is empty: give at least one token to go on from.");
            }
            if (ids.length + most > model.window()) {
                throw new LiftException("The prompt has " + ids.length + " tokens, too many for a window of "
                        + model.window() + " with room for an answer of " + most + ": shorten either.");
            }
            context.rewind(0);
            context.read(ids);
            StreamingDecoder decoder = StreamingDecoder.of(model.tokenizer(), true);
            boolean[] on = {true};
            int written = context.generateWhile(sampling, model.tokenizer().stopIds(), most, id -> {
                on[0] = pieces.test(decoder.next(id));
                return on[0];
            });
            if (on[0]) {
                on[0] = pieces.test(decoder.finish());
            }
            return new Written(ids.length, written, List.of());
        }

        @Override
        public void close() {
            context.close();
            if (attachment != null) {
                attachment.close();
            }
        }
    }
}
