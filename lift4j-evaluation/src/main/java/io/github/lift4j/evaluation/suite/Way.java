package io.github.lift4j.evaluation.suite;

import io.github.lift4j.answer.Mode;
import io.github.lift4j.engine.LiftException;
import io.github.lift4j.evaluation.benchmark.BenchmarkQuestion;
import io.github.lift4j.evidence.Evidence;
import io.github.lift4j.prompt.Frame;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/**
 * A mode and, where it has evidence, where that comes from, written {@code rag:embedding} or {@code lift+evidence+icl:gold};
 * or {@code icl:joints} where passages are put into order {@linkplain ByJoints by their joints}.
 *
 * @param evidence {@code bm25, embedding, recall}, or {@code gold} for the set's own; empty where the mode has none
 * @param joints whether the model sees two passages at a time, and not the set's official prompt
 */
record Way(Mode mode, String evidence, boolean joints) {

    /** The evidence that a set names itself. */
    static final String GOLD = "gold";

    /** Behind the colon where passages are put into order by their joints. */
    static final String JOINTS = "joints";

    private static final List<String> SOURCES = List.of("bm25", "embedding", "recall", GOLD);

    Way {
        if (joints && (mode.evidence() || !mode.document())) {
            throw new LiftException("The mode " + mode + " cannot put passages into order by their joints: use one with"
                    + " 'icl' and without 'evidence', as in icl:joints.");
        }
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
        if (colon < 0) {
            return new Way(mode, mode.evidence() ? source : "", false);
        }
        String how = text.substring(colon + 1);
        return how.equals(JOINTS) ? new Way(mode, "", true) : new Way(mode, how, false);
    }

    /**
     * The set's own words around the document, where it stands in the window and no evidence beside it: they speak of a text
     * above and leave no room for evidence.
     */
    Optional<Frame> frame(BenchmarkQuestion question) {
        return mode.document() && !mode.evidence()
                ? Optional.of(
                        new Frame(question.prompt().system(), question.prompt().before()))
                : Optional.empty();
    }

    /**
     * Where the passages come from; whoever calls closes it.
     *
     * @param text the document's
     */
    Evidence evidence(List<BenchmarkQuestion> questions, Supplier<String> text) {
        if (!mode.evidence()) {
            return Evidence.NONE;
        }
        if (!evidence.equals(GOLD)) {
            return Evidence.named(evidence, text.get());
        }
        Map<String, List<String>> gold = questions.stream()
                .collect(Collectors.toMap(
                        BenchmarkQuestion::question, BenchmarkQuestion::evidence, (first, second) -> first));
        return new Evidence.Given(question -> gold.getOrDefault(question, List.of()));
    }

    @Override
    public String toString() {
        String how = joints ? JOINTS : evidence;
        return how.isEmpty() ? mode.toString() : mode + ":" + how;
    }
}
