package io.github.lift4j.server.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.github.lift4j.server.answer.Heard;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Chat completions.
 *
 * @param created seconds since 1970
 * @param mode in which it was answered
 * @param words say how likely tokens were; empty where that was not asked
 */
record ChatShape(String id, long created, String model, String mode, Optional<OddsWords> words) implements AnswerShape {

    /** What only this service says. */
    record Lift(String mode, List<String> evidence) {}

    record Message(String role, String content, Optional<String> refusal) {}

    record Choice(int index, Message message, Optional<OddsWords.OfChat> logprobs, String finishReason) {}

    record Whole(String id, String object, long created, String model, List<Choice> choices, Usage usage, Lift lift) {}

    @JsonInclude(JsonInclude.Include.NON_NULL)
    record Delta(@Nullable String role, @Nullable String content) {}

    record ChunkChoice(int index, Delta delta, Optional<OddsWords.OfChat> logprobs, Optional<String> finishReason) {}

    record Chunk(
            String id,
            String object,
            long created,
            String model,
            List<ChunkChoice> choices,
            Optional<Usage> usage,
            Optional<Lift> lift) {}

    @Override
    public Object whole(Heard.Piece all, Heard.End end) {
        Message message = new Message("assistant", all.text(), Optional.empty());
        Choice choice = new Choice(0, message, odds(all), Usage.finishReason(end));
        return new Whole(id, "chat.completion", created, model, List.of(choice), Usage.of(end), lift(end));
    }

    private Optional<OddsWords.OfChat> odds(Heard.Piece piece) {
        return words.map(spelling -> spelling.ofChat(piece.odds()));
    }

    @Override
    public Optional<Object> first() {
        return Optional.of(chunk(
                List.of(choice(new Delta("assistant", ""), Optional.empty())), Optional.empty(), Optional.empty()));
    }

    @Override
    public Object piece(Heard.Piece piece) {
        ChunkChoice choice = new ChunkChoice(0, new Delta(null, piece.text()), odds(piece), Optional.empty());
        return chunk(List.of(choice), Optional.empty(), Optional.empty());
    }

    @Override
    public Object last(Heard.End end) {
        return chunk(
                List.of(choice(new Delta(null, null), Optional.of(Usage.finishReason(end)))),
                Optional.empty(),
                Optional.of(lift(end)));
    }

    @Override
    public Object usage(Heard.End end) {
        return chunk(List.of(), Optional.of(Usage.of(end)), Optional.empty());
    }

    private static ChunkChoice choice(Delta delta, Optional<String> reason) {
        return new ChunkChoice(0, delta, Optional.empty(), reason);
    }

    private Chunk chunk(List<ChunkChoice> choices, Optional<Usage> usage, Optional<Lift> lift) {
        return new Chunk(id, "chat.completion.chunk", created, model, choices, usage, lift);
    }

    private Lift lift(Heard.End end) {
        return new Lift(mode, end.evidence());
    }
}
