package io.github.lift4j.evaluation.result;

import java.util.List;

/**
 * A finished unit.
 *
 * @param findings in the order of the unit's modes, and of the questions within a mode
 */
public record Result(Unit unit, Effort effort, List<Finding> findings) {

    public Result {
        findings = List.copyOf(findings);
    }
}
