package io.github.lift4j.task;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.random.RandomGenerator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Ways to word one kind of task. In the file they are parted by lines of three hyphens, and what is to be filled in stands
 * in braces.
 */
record Wordings(List<String> templates) {

    private static final Pattern SLOT = Pattern.compile("\\{([a-z ]+)}");

    static Wordings of(String file) {
        return new Wordings(List.of(ResourceFile.text(file).split("\n---\n", -1)));
    }

    /** Fills one of the wordings, any. */
    String any(RandomGenerator random, Map<String, String> values) {
        return filled(templates.get(random.nextInt(templates.size())), values);
    }

    /** Fills the first wording. */
    String only(Map<String, String> values) {
        return filled(templates.getFirst(), values);
    }

    /** In one pass: braces in a title or a program are no slots. */
    private static String filled(String template, Map<String, String> values) {
        return SLOT.matcher(template)
                .replaceAll(slot -> Matcher.quoteReplacement(
                        Objects.requireNonNull(values.get(slot.group(1)), () -> "no value for " + slot.group())));
    }
}
