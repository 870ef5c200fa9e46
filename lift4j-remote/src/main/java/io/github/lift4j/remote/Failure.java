package io.github.lift4j.remote;

import com.fasterxml.jackson.databind.JsonNode;
import com.openai.errors.OpenAIInvalidDataException;
import com.openai.errors.OpenAIIoException;
import com.openai.errors.OpenAIServiceException;
import io.github.lift4j.engine.LiftException;
import java.io.InterruptedIOException;
import java.net.ConnectException;
import java.net.UnknownHostException;
import java.util.Optional;

/**
 * A request's failure that stands, put into one sentence.
 *
 * @param doing what the request was for
 * @param attempts how often it was sent
 */
record Failure(Endpoint endpoint, String doing, int attempts) {

    private static final int LONGEST_QUOTE = 300;

    LiftException told(RuntimeException failure) {
        return new LiftException(
                switch (failure) {
                    case OpenAIServiceException answer -> refusal(answer);
                    case OpenAIIoException lost -> loss(lost);
                    case OpenAIInvalidDataException unreadable ->
                        endpoint + " answered with something that is not the API's JSON while " + doing + tries()
                                + ": check that the base URL is the API's (most end in /v1) and not a web page's.";
                    case Nonsense nonsense ->
                        endpoint + " answered with " + nonsense.getMessage() + " while " + doing + tries()
                                + ": try another model, or look at the endpoint's own log.";
                    default -> endpoint + " could not be asked while " + doing + " (" + failure.getMessage() + ").";
                },
                failure);
    }

    private String refusal(OpenAIServiceException answer) {
        int status = answer.statusCode();
        String said = " (" + status + said(answer).map(text -> ": " + text).orElse("") + ")";
        String where = " while " + doing;
        if (answer.code().equals(Optional.of("insufficient_quota"))) {
            return "The account at " + endpoint + " is used up" + where + said + ": top it up, then go on.";
        }
        return switch (status) {
            case 401, 403 ->
                endpoint + " does not accept the API key" + where + said
                        + ": set OPENAI_API_KEY, or the variable that was named instead, to a key that may do this.";
            case 404 -> endpoint + " knows no such thing" + where + said + ": check the model's name and the base URL.";
            case 429 ->
                endpoint + " is still too busy" + where + tries() + said + ": wait a while, or ask fewer at once.";
            default ->
                status >= 500
                        ? endpoint + " failed" + where + tries() + said + ": wait a while and start it again."
                        : endpoint + " refused the request" + where + said + ": change what it names.";
        };
    }

    private String loss(OpenAIIoException lost) {
        Throwable cause = rootOf(lost);
        String where = " while " + doing + tries();
        return switch (cause) {
            case InterruptedIOException late ->
                endpoint + " did not answer within "
                        + Math.max(1, endpoint.timeout().toSeconds()) + " s" + where
                        + ": allow more time, or ask for less at once.";
            case ConnectException refused ->
                "There is no server at " + endpoint + where + ": check the base URL, and that the server runs.";
            case UnknownHostException unknown ->
                "The name in " + endpoint + " is not known" + where + ": check the base URL and the network.";
            default ->
                "The connection to " + endpoint + " broke" + where + " (" + cause.getMessage()
                        + "): check the network, then go on.";
        };
    }

    private String tries() {
        return attempts == 1 ? "" : ", " + attempts + " times";
    }

    /** What the endpoint says in its own words: {@code error.message}, in or out of its wrapping. */
    static Optional<String> said(OpenAIServiceException answer) {
        JsonNode body = answer.body().convert(JsonNode.class);
        if (body == null) {
            return Optional.empty();
        }
        JsonNode error = body.path("error");
        JsonNode message = error.isTextual() ? error : (error.isObject() ? error : body).path("message");
        return Optional.of(message.asText("").strip().replaceAll("\\s+", " "))
                .filter(text -> !text.isEmpty())
                .map(text -> text.length() > LONGEST_QUOTE ? text.substring(0, LONGEST_QUOTE) + "..." : text);
    }

    private static Throwable rootOf(Throwable failure) {
        Throwable root = failure;
        while (root.getCause() != null) {
            // A refused connection hides behind others; a time-out's own cause says less than it does.
            if (root instanceof InterruptedIOException || root instanceof ConnectException) {
                return root;
            }
            root = root.getCause();
        }
        return root;
    }
}
