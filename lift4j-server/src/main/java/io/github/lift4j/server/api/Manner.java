package io.github.lift4j.server.api;

import io.github.lift4j.engine.generation.Sampling;
import io.github.lift4j.server.answer.Ask;
import io.github.lift4j.server.answer.Voice;
import io.github.lift4j.server.http.ApiException;
import io.github.lift4j.server.http.RequestBody;
import io.github.lift4j.server.store.Tenant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.concurrent.ThreadLocalRandom;

/**
 * How an answer is to be written, as both kinds of completion say it.
 *
 * @param most tokens
 * @param stream whether piece by piece
 * @param usage whether a stream ends in what it took
 * @param likeliest how many likely tokens are told of each position; empty where nothing is told of what was likely
 */
record Manner(Sampling sampling, int most, List<String> stops, boolean stream, boolean usage, OptionalInt likeliest) {

    private static final int USUAL_LENGTH = 256;
    private static final int MOST_STOPS = 4;
    private static final int MOST_LIKELY_IN_A_CHAT = 20;
    private static final int MOST_LIKELY_IN_A_TEXT = 5;

    /** Of a chat. @param window the model's, in tokens */
    static Manner ofChat(RequestBody body, int window) {
        boolean told = body.flag("logprobs");
        int likeliest =
                (int) body.integer("top_logprobs", 0, MOST_LIKELY_IN_A_CHAT).orElse(0);
        if (likeliest > 0 && !told) {
            throw ApiException.invalid("top_logprobs", "'top_logprobs' goes with 'logprobs' only.");
        }
        return read(body, window, told ? OptionalInt.of(likeliest) : OptionalInt.empty());
    }

    /** Of a text that is written on. @param window the model's, in tokens */
    static Manner ofText(RequestBody body, int window) {
        OptionalLong likeliest = body.integer("logprobs", 0, MOST_LIKELY_IN_A_TEXT);
        return read(
                body,
                window,
                likeliest.isPresent() ? OptionalInt.of((int) likeliest.getAsLong()) : OptionalInt.empty());
    }

    private static Manner read(RequestBody body, int window, OptionalInt likeliest) {
        OptionalLong limit = body.integer("max_tokens", 1, window - 1);
        OptionalLong newer = body.integer("max_completion_tokens", 1, window - 1);
        List<String> stops = body.texts("stop", MOST_STOPS);
        if (stops.contains("")) {
            throw ApiException.invalid("stop", "'stop' may not hold an empty string.");
        }
        boolean stream = body.flag("stream");
        Optional<RequestBody> options = body.object("stream_options");
        if (options.isPresent() && !stream) {
            throw ApiException.invalid("stream_options", "'stream_options' goes with 'stream' only.");
        }
        boolean usage = options.map(fields -> fields.flag("include_usage")).orElse(false);
        options.ifPresent(fields -> {
            fields.only("include_obfuscation", false);
            fields.end();
        });
        onlyOneAnswerAsItIs(body);
        int most = (int) newer.orElse(limit.orElse(Math.min(USUAL_LENGTH, window / 4)));
        return new Manner(sampling(body), most, stops, stream, usage, likeliest);
    }

    private static Sampling sampling(RequestBody body) {
        double temperature = body.number("temperature", 0, 2).orElse(0);
        double topP = body.number("top_p", 0, 1).orElse(1);
        if (topP == 0) {
            throw ApiException.invalid("top_p", "'top_p' must be more than 0.");
        }
        OptionalLong seed = body.integer("seed", Long.MIN_VALUE, Long.MAX_VALUE);
        return new Sampling(
                temperature,
                0,
                topP,
                1,
                seed.orElseGet(() -> ThreadLocalRandom.current().nextLong()));
    }

    private static void onlyOneAnswerAsItIs(RequestBody body) {
        body.only("n", 1);
        body.only("frequency_penalty", 0);
        body.only("presence_penalty", 0);
        body.only("logit_bias", List.of());
        // The caller's own, but of the types that the description gives them.
        body.optionalText("user");
        body.object("metadata");
        body.accept("safety_identifier", "prompt_cache_key", "service_tier");
    }

    /** A question to be answered so. */
    <P> Ask<P> ask(Tenant tenant, Voice<P> voice, P prompt) {
        return new Ask<>(tenant.id(), voice, prompt, sampling, most, stops, likeliest);
    }

    /**
     * Tokens to keep free for an answer: rounded up, so that answers of like lengths share what was read of the document.
     */
    int room(int window) {
        int rounded = Math.max(128, Integer.highestOneBit(most - 1) << 1);
        return rounded <= window / 2 ? rounded : most;
    }
}
