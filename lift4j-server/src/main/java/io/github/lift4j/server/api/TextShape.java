package io.github.lift4j.server.api;

import io.github.lift4j.server.answer.Heard;
import java.util.List;
import java.util.Optional;

/**
 * Completions of a text.
 *
 * @param created seconds since 1970
 * @param words say how likely tokens were; empty where that was not asked
 */
record TextShape(String id, long created, String model, Optional<OddsWords> words) implements AnswerShape {

    record Choice(int index, String text, Optional<OddsWords.OfText> logprobs, Optional<String> finishReason) {}

    record Whole(String id, String object, long created, String model, List<Choice> choices, Optional<Usage> usage) {}

    @Override
    public Object whole(Heard.Piece all, Heard.End end) {
        return with(List.of(choice(all, Optional.of(Usage.finishReason(end)))), Optional.of(Usage.of(end)));
    }

    @Override
    public Optional<Object> first() {
        return Optional.empty();
    }

    @Override
    public Object piece(Heard.Piece piece) {
        return with(List.of(choice(piece, Optional.empty())), Optional.empty());
    }

    @Override
    public Object last(Heard.End end) {
        Choice last = new Choice(0, "", Optional.empty(), Optional.of(Usage.finishReason(end)));
        return with(List.of(last), Optional.empty());
    }

    @Override
    public Object usage(Heard.End end) {
        return with(List.of(), Optional.of(Usage.of(end)));
    }

    private Choice choice(Heard.Piece piece, Optional<String> reason) {
        return new Choice(0, piece.text(), words.map(spelling -> spelling.ofText(piece.odds())), reason);
    }

    private Whole with(List<Choice> choices, Optional<Usage> usage) {
        return new Whole(id, "text_completion", created, model, choices, usage);
    }
}
