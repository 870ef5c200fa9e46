package io.github.lift4j.evidence;

import io.github.lift4j.document.Passage;
import io.github.lift4j.document.Passages;
import io.github.lift4j.engine.LiftException;
import io.github.lift4j.prompt.Wording;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.function.Function;
import java.util.function.ToLongFunction;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;

/** Where the passages come from that stand in the window beside a question (appendix B). */
public sealed interface Evidence extends AutoCloseable {

    /** The name of what the model recalls. */
    String RECALL = "recall";

    /** No evidence: the mode has none. */
    Evidence NONE = new Given(question -> List.of());

    @Override
    default void close() {}

    /**
     * Found in the document; owns the finder.
     *
     * @param most passages a question, at least 1
     */
    record Found(EvidenceFinder finder, int most) implements Evidence {

        /** The passages for a question, the best first. */
        public List<String> about(String question) {
            return finder.find(question, most).stream().map(Passage::text).toList();
        }

        @Override
        public void close() {
            finder.close();
        }
    }

    /**
     * At hand, such as the field of a benchmark that holds the gold evidence.
     *
     * @param passages those that bear on a question
     */
    record Given(Function<String, List<String>> passages) implements Evidence {}

    /**
     * Written by the model that absorbed the document, which then reasons over it step by step: knowledge is drawn out of
     * the parameters before it is used.
     *
     * @param tokens most that it writes, at least 1
     */
    record Recalled(int tokens) implements Evidence {

        /**
         * What the model remembers that bears on a question, and what it concludes from that.
         *
         * @param title of the document
         * @param model says what it writes to a message, in at most {@link #tokens} tokens
         */
        public List<String> about(String title, String question, UnaryOperator<String> model) {
            String passages = model.apply(Wording.RECALL.with(Map.of("title", title, "question", question)));
            String reasoning = model.apply(
                    Wording.REASON.with(Map.of("title", title, "question", question, "evidence", passages)));
            return List.of(passages, reasoning);
        }
    }

    /** Sentences a passage has: enough to be understood, few enough that several fit. */
    int SENTENCES = 3;

    /** Passages that are found for a question. */
    int PASSAGES = 4;

    /** The part of a window that passages may fill together: one in so many. */
    int WINDOW_SHARE = 3;

    /**
     * The best passages that have at most so many tokens together; of one that is longer alone, its beginning.
     *
     * @param passages the best first
     * @param room tokens that they may have, not negative
     * @param tokens counts those of a passage
     * @param beginning cuts a passage to that room
     */
    static List<String> fitting(
            List<String> passages, long room, ToLongFunction<String> tokens, UnaryOperator<String> beginning) {
        long left = room;
        List<String> fitting = new ArrayList<>();
        for (String passage : passages) {
            long length = tokens.applyAsLong(passage);
            if (length <= left) {
                fitting.add(passage);
                left -= length;
            } else if (fitting.isEmpty()) {
                fitting.add(beginning.apply(passage));
                break;
            }
        }
        return List.copyOf(fitting);
    }

    /**
     * Evidence by its name: {@code recall}, or a source on the class path such as {@code bm25} and {@code embedding}.
     *
     * @param text the document's, in which it is found
     * @throws LiftException where there is no source of that name
     */
    static Evidence named(String name, String text) {
        if (name.equals(RECALL)) {
            return new Recalled(160);
        }
        List<EvidenceSource> sources = ServiceLoader.load(EvidenceSource.class).stream()
                .map(ServiceLoader.Provider::get)
                .toList();
        EvidenceSource source = sources.stream()
                .filter(candidate -> candidate.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new LiftException("There is no evidence source '" + name + "': use "
                        + sources.stream().map(EvidenceSource::name).sorted().collect(Collectors.joining(", "))
                        + (sources.isEmpty() ? "recall, or add lift4j-retrieval to the class path." : " or recall.")));
        List<Passage> passages = Passages.groups(text, Passages.sentences(text), SENTENCES);
        return new Found(source.open(passages), PASSAGES);
    }
}
