package io.github.lift4j.evaluation.benchmark;

import com.fasterxml.jackson.annotation.JsonCreator;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A prompt with named gaps, in the manner of Python's {@code str.format}: <code>{name}</code> is a gap, doubled braces
 * are one brace. What fills a gap is never searched for gaps itself.
 */
record Template(String text) {

    @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
    Template {}

    private static final Pattern GAP = Pattern.compile("\\{\\{|\\}\\}|\\{(\\w+)\\}");

    /** Fills all gaps. */
    String fill(Map<String, String> values) {
        return filled(text, values);
    }

    /** Fills all gaps but the document's, and parts the text there. */
    OfficialPrompt around(String system, Set<String> document, Map<String, String> values) {
        Matcher gap = GAP.matcher(text);
        while (gap.find()) {
            if (gap.group(1) != null && document.contains(gap.group(1))) {
                return new OfficialPrompt(
                        system,
                        filled(text.substring(0, gap.start()), values),
                        filled(text.substring(gap.end()), values));
            }
        }
        throw new IllegalStateException("this prompt has no place for the document: " + text);
    }

    private static String filled(String text, Map<String, String> values) {
        return GAP.matcher(text)
                .replaceAll(gap -> Matcher.quoteReplacement(
                        gap.group(1) == null ? gap.group().substring(1) : required(values, gap.group(1))));
    }

    private static String required(Map<String, String> values, String name) {
        String value = values.get(name);
        if (value == null) {
            throw new IllegalStateException("this prompt has a gap that nothing fills: " + name);
        }
        return value;
    }
}
