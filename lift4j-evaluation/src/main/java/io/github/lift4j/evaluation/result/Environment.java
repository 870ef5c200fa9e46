package io.github.lift4j.evaluation.result;

import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Under what a run was made: what its figures hold for.
 *
 * @param version of lift4j
 * @param command as it was typed
 * @param device such as {@code cpu} or {@code cuda:0}, with its name
 * @param dtype such as {@code bfloat16}
 * @param threads that computed
 * @param models hash of each model's weights, by what was opened
 * @param started when, in ISO 8601
 * @param details what else is worth knowing, such as the sets' sizes or the judge's model, by its name
 */
public record Environment(
        String version,
        List<String> command,
        String device,
        String dtype,
        int threads,
        Map<String, String> models,
        String started,
        Map<String, String> details) {

    public Environment {
        command = List.copyOf(command);
        models = Collections.unmodifiableSortedMap(new TreeMap<>(models));
        details = Collections.unmodifiableSortedMap(new TreeMap<>(details));
    }
}
