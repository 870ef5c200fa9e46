package io.github.lift4j.evaluation.metric;

import java.math.BigInteger;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/** The order that an answer gives in its own words, such as "[2] > [0] > [1]" or "3, 1, 2". */
public final class AnswerOrder {

    private static final Pattern NUMBER = Pattern.compile("\\p{Nd}++");
    private static final BigInteger LARGEST = BigInteger.valueOf(Integer.MAX_VALUE);

    private AnswerOrder() {}

    /** All numbers of a text, as they come; what is too large for an {@code int} becomes the largest one. */
    public static List<Integer> parse(String text) {
        return NUMBER.matcher(text)
                .results()
                .map(MatchResult::group)
                .map(number -> new BigInteger(number).min(LARGEST).intValueExact())
                .toList();
    }
}
