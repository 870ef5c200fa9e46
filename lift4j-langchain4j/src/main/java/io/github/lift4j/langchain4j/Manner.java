package io.github.lift4j.langchain4j;

import dev.langchain4j.exception.InvalidRequestException;
import dev.langchain4j.exception.UnsupportedFeatureException;
import dev.langchain4j.model.chat.request.ChatRequestParameters;
import dev.langchain4j.model.chat.request.ResponseFormatType;
import dev.langchain4j.model.chat.request.ToolChoice;
import io.github.lift4j.engine.generation.Sampling;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/**
 * How an answer is to be written.
 *
 * @param most tokens
 * @param stops texts in front of which the answer ends
 */
record Manner(Sampling sampling, int most, List<String> stops) {

    Manner {
        stops = List.copyOf(stops);
    }

    /**
     * Reads LangChain4j's parameters: without a temperature the likeliest words, without a seed others each time.
     *
     * @param talk says what an answer may have at most
     * @throws UnsupportedFeatureException where one asks for what the library cannot do
     * @throws InvalidRequestException where one has a value that nothing could be done by
     */
    static Manner of(ChatRequestParameters parameters, LiftTalk talk) {
        refuseUnsupported(parameters, talk.modelName());
        int most = Optional.ofNullable(parameters.maxOutputTokens()).orElse(talk.answerTokens());
        if (most < 1) {
            throw new InvalidRequestException("An answer needs at least 1 output token, not " + most + ".");
        }
        List<String> stops = Optional.ofNullable(parameters.stopSequences()).orElse(List.of());
        if (stops.contains("")) {
            throw new InvalidRequestException("A stop sequence is empty: leave it out.");
        }
        return new Manner(sampling(parameters), Math.min(most, talk.answerTokens()), stops);
    }

    private static Sampling sampling(ChatRequestParameters parameters) {
        Optional<Long> seed = parameters instanceof LiftChatRequestParameters own ? own.seed() : Optional.empty();
        return new Sampling(
                Optional.ofNullable(parameters.temperature()).orElse(0.0),
                Optional.ofNullable(parameters.topK()).orElse(0),
                Optional.ofNullable(parameters.topP()).orElse(1.0),
                1,
                seed.orElseGet(() -> ThreadLocalRandom.current().nextLong()));
    }

    private static void refuseUnsupported(ChatRequestParameters parameters, String model) {
        refuse(!Optional.ofNullable(parameters.modelName()).orElse(model).equals(model), "a model other than " + model);
        refuse(
                !Optional.ofNullable(parameters.toolSpecifications())
                        .orElse(List.of())
                        .isEmpty(),
                "tools");
        refuse(parameters.toolChoice() == ToolChoice.REQUIRED, "tools");
        refuse(
                Optional.ofNullable(parameters.responseFormat())
                        .filter(format -> format.type() != ResponseFormatType.TEXT)
                        .isPresent(),
                "a response format other than text");
        refuse(weighs(parameters.frequencyPenalty()), "a frequency penalty");
        refuse(weighs(parameters.presencePenalty()), "a presence penalty");
    }

    private static boolean weighs(@Nullable Double penalty) {
        return penalty != null && penalty != 0;
    }

    private static void refuse(boolean asked, String what) {
        if (asked) {
            throw new UnsupportedFeatureException("A memory cannot answer with " + what + ": leave it out.");
        }
    }
}
