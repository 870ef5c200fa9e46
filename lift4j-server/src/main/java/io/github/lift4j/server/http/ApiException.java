package io.github.lift4j.server.http;

import java.util.Optional;
import java.util.OptionalInt;

/** A request that is refused: what the caller is told, in OpenAI's shape. */
public final class ApiException extends RuntimeException {

    private static final String INVALID = "invalid_request_error";

    private final int status;
    private final String type;
    private final Optional<String> param;
    private final String code;
    private final OptionalInt retryAfter;

    private ApiException(
            int status, String type, String message, Optional<String> param, String code, OptionalInt retryAfter) {
        super(message);
        this.status = status;
        this.type = type;
        this.param = param;
        this.code = code;
        this.retryAfter = retryAfter;
    }

    /** 400: a parameter is wrong. */
    public static ApiException invalid(String param, String message) {
        return new ApiException(400, INVALID, message, Optional.of(param), "invalid_value", OptionalInt.empty());
    }

    /** 400: the request as a whole is wrong. */
    public static ApiException malformed(String message) {
        return new ApiException(400, INVALID, message, Optional.empty(), "invalid_request", OptionalInt.empty());
    }

    /** 400: a parameter of OpenAI's that is not served here. */
    public static ApiException unsupported(String param, String message) {
        return new ApiException(
                400, INVALID, message, Optional.of(param), "unsupported_parameter", OptionalInt.empty());
    }

    /** 401: without a key that is one. */
    static ApiException unauthorized(String message) {
        return new ApiException(401, INVALID, message, Optional.empty(), "invalid_api_key", OptionalInt.empty());
    }

    /** 403: with a key that does not open this. */
    static ApiException unscoped(String message) {
        return new ApiException(403, INVALID, message, Optional.empty(), "missing_scope", OptionalInt.empty());
    }

    /** 403: called from where nobody should. */
    public static ApiException forbidden(String message) {
        return new ApiException(403, INVALID, message, Optional.empty(), "forbidden", OptionalInt.empty());
    }

    /** 404. @param code such as {@code model_not_found} */
    public static ApiException missing(String code, String param, String message) {
        return new ApiException(404, INVALID, message, Optional.of(param), code, OptionalInt.empty());
    }

    /** 409: not in the state that things are in. */
    public static ApiException conflict(String code, String message) {
        return new ApiException(409, INVALID, message, Optional.empty(), code, OptionalInt.empty());
    }

    /** 413. */
    public static ApiException tooLarge(String message) {
        return new ApiException(413, INVALID, message, Optional.empty(), "request_too_large", OptionalInt.empty());
    }

    /** 429. @param seconds after which to try again */
    public static ApiException busy(String message, int seconds) {
        return new ApiException(
                429, "rate_limit_error", message, Optional.empty(), "rate_limit_exceeded", OptionalInt.of(seconds));
    }

    /** 503: stopping. */
    public static ApiException stopping() {
        return new ApiException(
                503,
                "server_error",
                "The service is stopping: try again when it is back.",
                Optional.empty(),
                "stopping",
                OptionalInt.of(10));
    }

    /** What the web server itself refuses, such as a path that is not there. */
    static ApiException of(int status, String message, String code) {
        return new ApiException(status, INVALID, message, Optional.empty(), code, OptionalInt.empty());
    }

    /** 500: a defect; what it was is for the log only. */
    static ApiException defect() {
        return new ApiException(
                500,
                "server_error",
                "Something is wrong in lift4j itself: the service's log says more.",
                Optional.empty(),
                "server_error",
                OptionalInt.empty());
    }

    int status() {
        return status;
    }

    OptionalInt retryAfter() {
        return retryAfter;
    }

    /** As it is sent. */
    public Body body() {
        return new Body(new Error(String.valueOf(getMessage()), type, param, code));
    }

    /** The documented shape. */
    public record Body(Error error) {}

    /** What is in it. */
    public record Error(String message, String type, Optional<String> param, String code) {}
}
