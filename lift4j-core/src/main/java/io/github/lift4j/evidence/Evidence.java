package io.github.lift4j.evidence;

import io.github.lift4j.document.Passage;
import io.github.lift4j.document.Passages;
import io.github.lift4j.engine.LiftException;
import java.util.List;
import java.util.ServiceLoader;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Where the passages come from that stand in the window beside a question (appendix B). */
public sealed interface Evidence extends AutoCloseable {

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
    record Recalled(int tokens) implements Evidence {}

    /** Sentences a passage has: enough to be understood, few enough that several fit. */
    int SENTENCES = 3;

    /** Passages that are found for a question. */
    int PASSAGES = 4;

    /**
     * Evidence by its name: {@code recall}, or a source on the class path such as {@code bm25} and {@code embedding}.
     *
     * @param text the document's, in which it is found
     * @throws LiftException where there is no source of that name
     */
    static Evidence named(String name, String text) {
        if (name.equals("recall")) {
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
