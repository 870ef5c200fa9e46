package io.github.lift4j.answer;

import io.github.lift4j.engine.LiftException;
import io.github.lift4j.evidence.Evidence;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;

/**
 * A way of answering, put together from parts: which weights, and what stands in the window. Its name is that of its parts,
 * as in {@code sft+lift+at+icl}.
 *
 * @param sft whether the base had supervised fine-tuning on other documents before (section 3.3)
 * @param absorbed whether the memory's weights are attached ({@code lift})
 * @param tasks whether these were trained on auxiliary tasks too ({@code at}, section 3.2)
 * @param evidence whether passages that bear on the question stand in the window (appendix B)
 * @param document whether the truncated document fills the window ({@code icl})
 */
public record Mode(boolean sft, boolean absorbed, boolean tasks, boolean evidence, boolean document) {

    /** What a user would pick instead: passages that were found, and the base model. */
    private static final String RAG = "rag";

    private static final String NOTHING = "base";
    private static final List<String> PARTS = List.of("sft", "lift", "at", "evidence", "icl");

    /** The base model with nothing but the question: what it knows without the document. */
    public static final Mode BASE = new Mode(false, false, false, false, false);

    /** The base model with the document's head and tail in its window: truncated in-context learning. */
    public static final Mode ICL = parse("icl");

    /** From the parameters alone (LIFT_only in the paper). */
    public static final Mode LIFT = parse("lift");

    /** From both. */
    public static final Mode LIFT_ICL = parse("lift+icl");

    /** The paper's three modes. */
    public static final List<Mode> ALL = List.of(ICL, LIFT, LIFT_ICL);

    public Mode {
        if (tasks && !absorbed) {
            throw new LiftException("A mode with 'at' needs 'lift' too: tasks are trained into a memory.");
        }
    }

    /**
     * Reads a mode's name: parts out of {@code sft, lift, at, evidence, icl} joined by {@code +}, or {@code rag}, which is
     * evidence and nothing else, or {@code base}, which is nothing at all.
     *
     * @throws LiftException where there is no such mode
     */
    public static Mode parse(String text) {
        if (text.equals(RAG)) {
            return new Mode(false, false, false, true, false);
        }
        if (text.equals(NOTHING)) {
            return new Mode(false, false, false, false, false);
        }
        List<String> parts = Arrays.asList(text.split("\\+", -1));
        if (!PARTS.containsAll(parts) || Set.copyOf(parts).size() != parts.size()) {
            throw new LiftException(
                    "'" + text + "' is no answering mode: use icl, lift, lift+icl, lift+at+icl, sft+icl,"
                            + " sft+lift+icl, sft+lift+at+icl, evidence+icl, lift+evidence+icl or rag.");
        }
        return new Mode(
                parts.contains("sft"),
                parts.contains("lift"),
                parts.contains("at"),
                parts.contains("evidence"),
                parts.contains("icl"));
    }

    /**
     * Refuses evidence that does not go with the mode.
     *
     * @throws LiftException where the mode asks for evidence and there is none, or it is to be recalled by a model that
     *     has absorbed nothing
     */
    public void requireSource(Evidence source) {
        if (evidence && source == Evidence.NONE) {
            throw new LiftException("The mode " + this + " needs evidence: name its source, such as bm25.");
        }
        if (evidence && source instanceof Evidence.Recalled && !absorbed) {
            throw new LiftException(
                    "Only a model that absorbed the document can recall evidence: use bm25 or embedding, or"
                            + " a mode with 'lift'.");
        }
    }

    @Override
    public String toString() {
        List<String> parts = new ArrayList<>();
        boolean[] has = {sft, absorbed, tasks, evidence, document};
        for (int i = 0; i < has.length; i++) {
            if (has[i]) {
                parts.add(PARTS.get(i));
            }
        }
        String name = String.join("+", parts);
        return switch (name) {
            case "" -> NOTHING;
            case "evidence" -> RAG;
            default -> name;
        };
    }
}
