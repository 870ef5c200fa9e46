package io.github.lift4j.evaluation.result;

import io.github.lift4j.engine.LiftException;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Under what a run was made: what its figures hold for.
 *
 * @param version of lift4j
 * @param command as it was typed
 * @param device such as {@code cpu} or {@code cuda:0}, with its name; empty where no model ran here so far, and then data
 *     type and threads say nothing
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

    /**
     * This environment with what another part of the same run adds: models, and details.
     *
     * @throws LiftException where the other part's results would not be this one's: another version, device, data type or
     *     number of threads, or another model of the same name
     */
    public Environment joinedBy(Environment other) {
        require(version, other.version, "version of lift4j");
        if (local() && other.local()) {
            require(device, other.device, "device");
            require(dtype, other.dtype, "data type");
            require(threads, other.threads, "number of threads");
        }
        Environment here = local() ? this : other;
        Map<String, String> allModels = new TreeMap<>(models);
        other.models.forEach((model, hash) -> {
            String before = allModels.putIfAbsent(model, hash);
            require(before == null ? hash : before, hash, "model under the name " + model);
        });
        Map<String, String> allDetails = new TreeMap<>(other.details);
        allDetails.putAll(details);
        return new Environment(version, command, here.device, here.dtype, here.threads, allModels, started, allDetails);
    }

    /** Whether a model ran here, and not only at a provider. */
    public boolean local() {
        return !device.isEmpty();
    }

    /** The same with other details. */
    public Environment withDetails(Map<String, String> details) {
        return new Environment(version, command, device, dtype, threads, models, started, details);
    }

    private static void require(Object before, Object now, String what) {
        if (!before.equals(now)) {
            throw new LiftException("This run was begun with another " + what + " (" + before + ", now " + now
                    + "): go on with the same, or name another folder with --out.");
        }
    }
}
