package io.github.lift4j.answer;

import io.github.lift4j.engine.LiftException;
import java.util.List;

/**
 * A way of answering: which weights, and what stands in the window.
 *
 * @param absorbed whether the memory's weights are attached
 * @param document whether the truncated document fills the window
 */
public record Mode(boolean absorbed, boolean document) {

    /** The base model with the document's head and tail in its window: truncated in-context learning. */
    public static final Mode ICL = new Mode(false, true);

    /** From the parameters alone (LIFT_only in the paper). */
    public static final Mode LIFT = new Mode(true, false);

    /** From both. */
    public static final Mode LIFT_ICL = new Mode(true, true);

    /** The paper's three modes. */
    public static final List<Mode> ALL = List.of(ICL, LIFT, LIFT_ICL);

    public Mode {
        if (!absorbed && !document) {
            throw new IllegalArgumentException("a mode needs the memory, the document, or both");
        }
    }

    /** Reads {@code icl}, {@code lift} or {@code lift+icl}. */
    public static Mode parse(String text) {
        return ALL.stream()
                .filter(mode -> mode.toString().equals(text))
                .findFirst()
                .orElseThrow(
                        () -> new LiftException("'" + text + "' is no answering mode: use icl, lift or lift+icl."));
    }

    @Override
    public String toString() {
        return absorbed ? document ? "lift+icl" : "lift" : "icl";
    }
}
