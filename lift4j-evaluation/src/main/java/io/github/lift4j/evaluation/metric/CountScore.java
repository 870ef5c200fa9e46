package io.github.lift4j.evaluation.metric;

import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/** Share of the numbers in an answer that are the right one (LongBench's {@code count_score}); 0 where it has none. */
public final class CountScore implements Metric {

    private static final Pattern NUMBER = Pattern.compile("\\p{Nd}++");

    @Override
    public double score(String prediction, String reference) {
        List<String> numbers =
                NUMBER.matcher(prediction).results().map(MatchResult::group).toList();
        return numbers.stream()
                .mapToDouble(number -> number.equals(reference) ? 1 : 0)
                .average()
                .orElse(0);
    }
}
