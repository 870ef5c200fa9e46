package io.github.lift4j.remote;

import com.openai.errors.OpenAIServiceException;
import java.util.Locale;
import java.util.Optional;

/**
 * What of the protocol an endpoint has not refused yet.
 *
 * @param structured whether an answer may be held to a schema
 * @param oldLimit whether the longest answer is called {@code max_tokens}, which all know but the newest models
 */
record Dialect(boolean structured, boolean oldLimit) {

    static final Dialect FULL = new Dialect(true, true);

    /** What is left after a refusal; empty if it was about something else. */
    Optional<Dialect> after(OpenAIServiceException refusal) {
        if (refusal.statusCode() != 400 && refusal.statusCode() != 422) {
            return Optional.empty();
        }
        String about = refusal.param().orElse("") + " "
                + Failure.said(refusal).orElse("").toLowerCase(Locale.ROOT);
        if (oldLimit && about.contains("max_completion_tokens")) {
            return Optional.of(new Dialect(structured, false));
        }
        // A schema that is itself wrong is its author's to mend, not to be dropped.
        boolean wrong = about.contains("invalid schema");
        if (structured && !wrong && (about.contains("response_format") || about.contains("json_schema"))) {
            return Optional.of(new Dialect(false, oldLimit));
        }
        return Optional.empty();
    }
}
