package io.github.lift4j.langchain4j;

import dev.langchain4j.data.document.Metadata;
import dev.langchain4j.data.segment.TextSegment;
import dev.langchain4j.rag.content.Content;
import dev.langchain4j.rag.content.retriever.ContentRetriever;
import dev.langchain4j.rag.query.Query;
import io.github.lift4j.Lift;
import io.github.lift4j.answer.Answerer;
import io.github.lift4j.answer.Mode;
import io.github.lift4j.answer.Window;
import io.github.lift4j.document.Passage;
import io.github.lift4j.engine.LiftException;
import io.github.lift4j.evidence.Evidence;
import io.github.lift4j.evidence.EvidenceFinder;
import io.github.lift4j.memory.Memory;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.IntStream;

/**
 * What bears on a query, as LangChain4j's contents: recalled by the model that absorbed a document, or found in the
 * document's text (appendix B of the paper). Another model may answer from it.
 *
 * <p>Each content's segment says in its metadata what it is: {@link #TITLE} and {@link #EVIDENCE} always, {@link #START}
 * and {@link #END} of what was found, {@link #PART} of what was recalled. Contents come the best first; blank ones do not.
 *
 * <p>Any thread may ask; one is served at a time and the others wait. Close it before the {@link Lift}.
 */
public final class LiftContentRetriever implements ContentRetriever, AutoCloseable {

    /** Key of the document's title. */
    public static final String TITLE = "title";

    /** Key of where it comes from: {@code recall}, or the name of a source such as {@code bm25}. */
    public static final String EVIDENCE = "evidence";

    /** Key of where a passage starts in the document's text, in characters (UTF-16 units) from 0. */
    public static final String START = "start";

    /** Key of where it ends, exclusive. */
    public static final String END = "end";

    /** Key of what a recalled text is: {@code passages}, or {@code reasoning} over them. */
    public static final String PART = "part";

    private static final String RECALL = "recall";
    private static final List<String> PARTS = List.of("passages", "reasoning");

    /** Where contents come from. Belongs to one thread at a time. */
    private sealed interface Source extends AutoCloseable {

        List<Content> about(String query);

        @Override
        void close();
    }

    private final Source source;
    private final ReentrantLock turn = new ReentrantLock(true);
    private boolean closed;

    private LiftContentRetriever(Source source) {
        this.source = source;
    }

    /**
     * What the model that absorbed the document writes down of it from its parameters, in at most 160 tokens, and what it
     * concludes from that, likewise: up to two contents.
     *
     * @throws LiftException where the memory belongs to another base model, or has no document
     */
    public static LiftContentRetriever recalling(Lift lift, Memory memory) {
        Mode mode = new Mode(lift.model().tuned(), true, false, true, false);
        Evidence recalled = Evidence.named(RECALL, "");
        return new LiftContentRetriever(new Recalling(
                lift.answerer(memory, mode, Window.full(1), recalled),
                memory.manifest().title()));
    }

    /**
     * Passages of the document as they stand there.
     *
     * @param source as {@link Evidence#named} knows it, such as {@code bm25} and {@code embedding} of the artifact
     *     {@code lift4j-retrieval}
     * @param most passages a query, at least 1
     * @throws LiftException where there is no such source, or the memory has no document
     */
    public static LiftContentRetriever finding(Memory memory, String source, int most) {
        if (most < 1) {
            throw new LiftException("A query needs at least 1 passage, not " + most + ".");
        }
        return switch (Evidence.named(source, memory.text())) {
            case Evidence.Found found ->
                new LiftContentRetriever(new Finding(
                        found.finder(), source, most, memory.manifest().title()));
            case Evidence.Recalled recalled -> throw notFound(source);
            case Evidence.Given given -> throw notFound(source);
        };
    }

    private static LiftException notFound(String source) {
        return new LiftException("The evidence '" + source
                + "' is not found in the document's text: use bm25 or embedding, or have it recalled.");
    }

    /**
     * What bears on a query.
     *
     * @throws LiftException where the query does not fit in the model's window
     * @throws IllegalStateException where this is closed
     */
    @Override
    public List<Content> retrieve(Query query) {
        turn.lock();
        try {
            if (closed) {
                throw new IllegalStateException("the content retriever is closed");
            }
            return source.about(query.text());
        } finally {
            turn.unlock();
        }
    }

    /** Waits for who is being served. */
    @Override
    public void close() {
        turn.lock();
        try {
            if (!closed) {
                closed = true;
                source.close();
            }
        } finally {
            turn.unlock();
        }
    }

    private static Metadata metadata(String title, String evidence) {
        return new Metadata().put(TITLE, title).put(EVIDENCE, evidence);
    }

    private record Finding(EvidenceFinder finder, String name, int most, String title) implements Source {

        @Override
        public List<Content> about(String query) {
            return finder.find(query, most).stream().map(this::content).toList();
        }

        private Content content(Passage passage) {
            Metadata metadata = metadata(title, name)
                    .put(START, passage.span().start())
                    .put(END, passage.span().end());
            return Content.from(TextSegment.from(passage.text(), metadata));
        }

        @Override
        public void close() {
            finder.close();
        }
    }

    private record Recalling(Answerer answerer, String title) implements Source {

        @Override
        public List<Content> about(String query) {
            List<String> texts = answerer.evidence(query);
            return IntStream.range(0, texts.size())
                    .filter(i -> !texts.get(i).isBlank())
                    .mapToObj(i -> Content.from(TextSegment.from(
                            texts.get(i), metadata(title, RECALL).put(PART, PARTS.get(i)))))
                    .toList();
        }

        @Override
        public void close() {
            answerer.close();
        }
    }
}
