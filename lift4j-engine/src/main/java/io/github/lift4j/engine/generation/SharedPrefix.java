package io.github.lift4j.engine.generation;

import java.util.Arrays;
import java.util.List;

/**
 * Prompts parted into what all of them begin with, which is to be read once, and the rest of each.
 *
 * @param suffixes one a prompt, at least one token each
 */
record SharedPrefix(int[] prefix, List<int[]> suffixes) {

    /**
     * Parts prompts.
     *
     * @param prompts at least one, of at least one token each
     */
    static SharedPrefix of(List<int[]> prompts) {
        int shared = length(prompts);
        return new SharedPrefix(
                Arrays.copyOf(prompts.getFirst(), shared),
                prompts.stream()
                        .map(prompt -> Arrays.copyOfRange(prompt, shared, prompt.length))
                        .toList());
    }

    private static int length(List<int[]> prompts) {
        int[] first = prompts.getFirst();
        int length = first.length - 1;
        for (int[] prompt : prompts) {
            int same = Arrays.mismatch(first, prompt);
            length = Math.min(length, Math.min(same < 0 ? length : same, prompt.length - 1));
        }
        return length;
    }
}
