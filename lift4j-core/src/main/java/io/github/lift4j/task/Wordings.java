package io.github.lift4j.task;

import io.github.lift4j.prompt.Wording;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;

/**
 * Ways to word one kind of task. In the file they are parted by lines of three hyphens, and what is to be filled in stands
 * in braces.
 */
record Wordings(List<String> templates) {

    static Wordings of(String file) {
        return new Wordings(List.of(ResourceFile.text(file).split("\n---\n", -1)));
    }

    /** Fills one of the wordings, any. */
    String any(RandomGenerator random, Map<String, String> values) {
        return new Wording(templates.get(random.nextInt(templates.size()))).with(values);
    }

    /** Fills the first wording. */
    String only(Map<String, String> values) {
        return new Wording(templates.getFirst()).with(values);
    }
}
