package io.github.lift4j.remote;

import com.openai.core.http.Headers;
import com.openai.errors.OpenAIInvalidDataException;
import com.openai.errors.OpenAIIoException;
import com.openai.errors.OpenAIServiceException;
import java.time.Clock;
import java.time.Duration;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.Optional;
import java.util.random.RandomGenerator;

/**
 * How long to wait before asking again: as long as the endpoint says, else twice as long each time, less a random part
 * so that many who were refused together do not come back together.
 *
 * <p>For several threads at once.
 *
 * @param firstPause the longest pause after the first try
 * @param random draws the random part; used by one thread at a time
 */
record Patience(Duration firstPause, RandomGenerator random, Clock clock, Sleeper sleeper) {

    /** What an endpoint may ask for; who must wait longer should rather be told. */
    private static final Duration LONGEST_ASKED = Duration.ofMinutes(5);

    private static final Duration LONGEST = Duration.ofMinutes(1);

    /** Waits, or stops waiting when its thread is interrupted. */
    @FunctionalInterface
    interface Sleeper {
        void sleep(Duration pause) throws InterruptedException;
    }

    static Patience real(RandomGenerator random) {
        return new Patience(Duration.ofSeconds(1), random, Clock.systemUTC(), Thread::sleep);
    }

    /** The pause before the next try; empty if asking again would not help. */
    Optional<Duration> beforeNext(RuntimeException failure, int attempt) {
        return switch (failure) {
            case OpenAIServiceException answer when !passes(answer) -> Optional.empty();
            case OpenAIServiceException answer ->
                Optional.of(asked(answer.headers()).orElseGet(() -> afterTry(attempt)))
                        .filter(pause -> pause.compareTo(LONGEST_ASKED) <= 0);
            case OpenAIIoException lost -> Optional.of(afterTry(attempt));
            case OpenAIInvalidDataException unreadable -> Optional.of(afterTry(attempt));
            case Nonsense nonsense -> Optional.of(afterTry(attempt));
            default -> Optional.empty();
        };
    }

    /** An empty account is reported like a busy server, but no pause fills it. */
    private static boolean passes(OpenAIServiceException answer) {
        int status = answer.statusCode();
        boolean busy = status == 408 || status == 429 || status >= 500;
        return busy && !answer.code().equals(Optional.of("insufficient_quota"));
    }

    /** Between half and all of a pause that doubles with each try. */
    Duration afterTry(int attempt) {
        Duration doubled = firstPause.multipliedBy(1L << Math.min(attempt - 1, 20));
        Duration pause = doubled.compareTo(LONGEST) < 0 ? doubled : LONGEST;
        return Duration.ofNanos((long) (pause.toNanos() * (0.5 + 0.5 * drawn())));
    }

    private double drawn() {
        synchronized (random) {
            return random.nextDouble();
        }
    }

    private Optional<Duration> asked(Headers headers) {
        return headers.values("Retry-After").stream().findFirst().flatMap(this::parse);
    }

    private Optional<Duration> parse(String retryAfter) {
        String text = retryAfter.strip();
        if (text.matches("\\d{1,6}")) {
            return Optional.of(Duration.ofSeconds(Long.parseLong(text)));
        }
        try {
            Duration until = Duration.between(
                    clock.instant(),
                    ZonedDateTime.parse(text, DateTimeFormatter.RFC_1123_DATE_TIME)
                            .toInstant());
            return Optional.of(until.isNegative() ? Duration.ZERO : until);
        } catch (DateTimeParseException e) {
            return Optional.empty(); // Neither seconds nor a date: as if it had not been said.
        }
    }
}
