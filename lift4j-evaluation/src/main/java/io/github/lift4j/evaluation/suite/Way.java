package io.github.lift4j.evaluation.suite;

import io.github.lift4j.answer.Mode;
import io.github.lift4j.engine.LiftException;
import java.util.List;

/**
 * A mode and, where it has evidence, where that comes from, written {@code rag:embedding} or {@code lift+evidence+icl:gold}.
 *
 * @param evidence {@code bm25, embedding, recall}, or {@code gold} for the set's own; empty where the mode has none
 */
record Way(Mode mode, String evidence) {

    /** The evidence that a set names itself. */
    static final String GOLD = "gold";

    private static final List<String> SOURCES = List.of("bm25", "embedding", "recall", GOLD);

    Way {
        if (mode.evidence() != !evidence.isEmpty()) {
            throw new LiftException("The mode " + mode + " has no evidence: leave out ':" + evidence + "'.");
        }
        if (mode.evidence() && !SOURCES.contains(evidence)) {
            throw new LiftException("'" + evidence + "' is no source of evidence: use one of "
                    + String.join(", ", SOURCES) + ", as in rag:bm25.");
        }
        if (evidence.equals("recall") && !mode.absorbed()) {
            throw new LiftException("The mode " + mode + " cannot have evidence that a memory recalls: use another"
                    + " source, or a mode with 'lift'.");
        }
    }

    /**
     * Reads a way.
     *
     * @param source what a mode with evidence that names none takes
     */
    static Way parse(String text, String source) {
        int colon = text.indexOf(':');
        Mode mode = Mode.parse(colon < 0 ? text : text.substring(0, colon));
        return new Way(mode, colon < 0 ? (mode.evidence() ? source : "") : text.substring(colon + 1));
    }

    @Override
    public String toString() {
        return evidence.isEmpty() ? mode.toString() : mode + ":" + evidence;
    }
}
