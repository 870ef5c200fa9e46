package io.github.lift4j.evaluation.probe;

import com.fasterxml.jackson.annotation.JsonProperty;

/**
 * One thing to ask of a model.
 *
 * @param id unique in the probe
 * @param kind what it tests
 * @param prompt the user's message
 * @param gold an answer that passes, for measuring its likelihood
 * @param check what an answer must be to pass
 */
public record ProbeItem(String id, Kind kind, String prompt, String gold, Check check) {

    /** What an item tests. */
    public enum Kind {
        /** Doing as told. */
        @JsonProperty("instruction")
        INSTRUCTION,
        /** What everybody knows. */
        @JsonProperty("knowledge")
        KNOWLEDGE
    }

    /** Whether a model's answer passes; white space around it does not count. */
    public boolean passes(String answer) {
        return check.passes(answer.strip());
    }
}
