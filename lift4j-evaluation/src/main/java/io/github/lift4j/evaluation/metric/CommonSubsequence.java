package io.github.lift4j.evaluation.metric;

import java.util.ArrayList;
import java.util.List;

/** The longest subsequence that two sequences share, by the textbook's table. */
final class CommonSubsequence {

    private CommonSubsequence() {}

    /** One of the longest, backwards; among equals the one that leaves out the end of {@code b} first. */
    static <T> List<T> of(List<T> a, List<T> b) {
        int[][] lengths = new int[a.size() + 1][b.size() + 1];
        for (int i = 1; i <= a.size(); i++) {
            for (int j = 1; j <= b.size(); j++) {
                lengths[i][j] = a.get(i - 1).equals(b.get(j - 1))
                        ? lengths[i - 1][j - 1] + 1
                        : Math.max(lengths[i - 1][j], lengths[i][j - 1]);
            }
        }
        List<T> common = new ArrayList<>();
        int i = a.size();
        int j = b.size();
        while (i > 0 && j > 0) {
            if (a.get(i - 1).equals(b.get(j - 1))) {
                common.add(a.get(i - 1));
                i--;
                j--;
            } else if (lengths[i - 1][j] > lengths[i][j - 1]) {
                i--;
            } else {
                j--;
            }
        }
        return common;
    }

    /** Its length alone, in the space of one row. */
    static int length(int[] a, int[] b) {
        int[] row = new int[b.length + 1];
        for (int symbol : a) {
            int diagonal = 0;
            for (int j = 1; j <= b.length; j++) {
                int above = row[j];
                row[j] = symbol == b[j - 1] ? diagonal + 1 : Math.max(above, row[j - 1]);
                diagonal = above;
            }
        }
        return row[b.length];
    }
}
