package io.github.lift4j.server.api;

import io.github.lift4j.server.answer.Heard;
import java.util.List;
import java.util.Optional;

/**
 * Completions of a text.
 *
 * @param created seconds since 1970
 */
record TextShape(String id, long created, String model) implements AnswerShape {

    record Choice(int index, String text, Optional<String> logprobs, Optional<String> finishReason) {}

    record Whole(String id, String object, long created, String model, List<Choice> choices, Optional<Usage> usage) {}

    @Override
    public Object whole(String text, Heard.End end) {
        return with(List.of(choice(text, Optional.of(Usage.finishReason(end)))), Optional.of(Usage.of(end)));
    }

    @Override
    public Optional<Object> first() {
        return Optional.empty();
    }

    @Override
    public Object piece(String text) {
        return with(List.of(choice(text, Optional.empty())), Optional.empty());
    }

    @Override
    public Object last(Heard.End end) {
        return with(List.of(choice("", Optional.of(Usage.finishReason(end)))), Optional.empty());
    }

    @Override
    public Object usage(Heard.End end) {
        return with(List.of(), Optional.of(Usage.of(end)));
    }

    private static Choice choice(String text, Optional<String> reason) {
        return new Choice(0, text, Optional.empty(), reason);
    }

    private Whole with(List<Choice> choices, Optional<Usage> usage) {
        return new Whole(id, "text_completion", created, model, choices, usage);
    }
}
