package io.github.lift4j.evaluation.metric;

import io.github.lift4j.engine.LiftException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Share of the numbers in an answer that are the right paragraph's (LongBench's {@code retrieval_score}). The reference
 * names it as "Paragraph 3".
 */
public final class RetrievalScore implements Metric {

    private static final Pattern PARAGRAPH = Pattern.compile("Paragraph (\\p{Nd}+)");

    private final CountScore numbers = new CountScore();

    @Override
    public double score(String prediction, String reference) {
        Matcher paragraph = PARAGRAPH.matcher(reference);
        if (!paragraph.find()) {
            throw new LiftException("The right answer '" + reference
                    + "' names no paragraph, as in 'Paragraph 3': it is not one of a retrieval task.");
        }
        return numbers.score(prediction, paragraph.group(1));
    }
}
