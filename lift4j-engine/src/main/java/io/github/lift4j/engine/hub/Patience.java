package io.github.lift4j.engine.hub;

import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How long to wait before asking again: as long as the hub says, else twice as long each time.
 *
 * @param firstPause the pause after the first try
 */
record Patience(Duration firstPause) {

    static final int TRIES = 4;

    /** What the hub may ask for; who must wait longer should rather be told. */
    private static final Duration LONGEST = Duration.ofMinutes(2);

    private static final Pattern RATE_LIMIT_RESET = Pattern.compile("(?:^|;)\\s*t=(\\d{1,6})");

    /** The pause before the next try; empty if this answer stands. */
    Optional<Duration> beforeNext(HttpResponse<?> response, int attempt) {
        boolean busy = response.statusCode() == 429 || response.statusCode() >= 500;
        if (!busy || attempt >= TRIES) {
            return Optional.empty();
        }
        return Optional.of(asked(response).orElseGet(() -> afterTry(attempt)))
                .filter(pause -> pause.compareTo(LONGEST) <= 0);
    }

    Duration afterTry(int attempt) {
        return firstPause.multipliedBy(1L << (attempt - 1));
    }

    /** The pause that an answer asks for, by {@code Retry-After} or the hub's {@code RateLimit} header. */
    static Optional<Duration> asked(HttpResponse<?> response) {
        return response.headers()
                .firstValue("Retry-After")
                .flatMap(Patience::parse)
                .or(() -> response.headers().firstValue("RateLimit").flatMap(Patience::parseRateLimit));
    }

    private static Optional<Duration> parse(String retryAfter) {
        String text = retryAfter.strip();
        if (text.matches("\\d{1,6}")) {
            return Optional.of(Duration.ofSeconds(Long.parseLong(text)));
        }
        try {
            Duration until = Duration.between(
                    ZonedDateTime.now(ZoneOffset.UTC), ZonedDateTime.parse(text, DateTimeFormatter.RFC_1123_DATE_TIME));
            return Optional.of(until.isNegative() ? Duration.ZERO : until);
        } catch (DateTimeParseException e) {
            return Optional.empty(); // Neither seconds nor a date: as if it had not been said.
        }
    }

    private static Optional<Duration> parseRateLimit(String header) {
        Matcher matcher = RATE_LIMIT_RESET.matcher(header);
        return matcher.find() ? Optional.of(Duration.ofSeconds(Long.parseLong(matcher.group(1)))) : Optional.empty();
    }
}
