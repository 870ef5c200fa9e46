package io.github.lift4j.evaluation.metric;

import java.util.Arrays;

/**
 * Similarity of a line of code to the right one (LongBench's {@code code_sim_score}): {@code 1 - d / (a + b)}, with a and
 * b the two lengths in characters and d the insertions and deletions from one to the other, rounded to hundredths (half to
 * even). This is {@code fuzz.ratio} of fuzzywuzzy on python-Levenshtein. Of an answer the first line counts that is neither
 * a comment nor a code fence.
 */
public final class EditSimilarity implements Metric {

    @Override
    public double score(String prediction, String reference) {
        String line = firstLineOfCode(prediction);
        if (line.equals(reference)) {
            return 1;
        }
        int[] given = line.codePoints().toArray();
        int[] right = reference.codePoints().toArray();
        int both = given.length + right.length;
        int edits = both - 2 * CommonSubsequence.length(given, right);
        return Math.rint(100 * (1 - (double) edits / both)) / 100;
    }

    private static String firstLineOfCode(String prediction) {
        return Arrays.stream(PythonText.withoutLeadingNewlines(prediction).split("\n"))
                .filter(line -> !line.contains("`") && !line.contains("#") && !line.contains("//"))
                .findFirst()
                .orElse("");
    }
}
