package io.github.lift4j.retrieval;

import io.github.lift4j.document.Passage;
import io.github.lift4j.engine.LiftException;
import io.github.lift4j.evidence.EvidenceFinder;
import java.io.IOException;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.stream.Stream;
import org.apache.lucene.analysis.Analyzer;
import org.apache.lucene.analysis.CharArraySet;
import org.apache.lucene.analysis.TokenStream;
import org.apache.lucene.analysis.en.EnglishAnalyzer;
import org.apache.lucene.analysis.tokenattributes.CharTermAttribute;
import org.apache.lucene.document.Document;
import org.apache.lucene.document.Field;
import org.apache.lucene.document.TextField;
import org.apache.lucene.index.DirectoryReader;
import org.apache.lucene.index.IndexWriter;
import org.apache.lucene.index.IndexWriterConfig;
import org.apache.lucene.index.LogDocMergePolicy;
import org.apache.lucene.index.Term;
import org.apache.lucene.search.BooleanClause;
import org.apache.lucene.search.BooleanQuery;
import org.apache.lucene.search.IndexSearcher;
import org.apache.lucene.search.TermQuery;
import org.apache.lucene.store.ByteBuffersDirectory;
import org.apache.lucene.util.ThreadInterruptedException;

/** Searches an index in memory. Several threads may search it at once; only one of them searches at a time. */
final class Bm25Finder implements EvidenceFinder {

    private static final String TEXT = "text";

    /** Held, because a logger that nobody holds forgets its level. */
    private static final Logger VECTORS =
            Logger.getLogger("org.apache.lucene.internal.vectorization.VectorizationProvider");

    static {
        // Lucene would tell everybody who searches to start Java with an incubating module, for a speed not needed
        // here.
        if (VECTORS.getLevel() == null) {
            VECTORS.setLevel(Level.SEVERE);
        }
    }

    private final List<Passage> passages;
    private final Analyzer analyzer;
    private final ByteBuffersDirectory directory;
    private final DirectoryReader reader;
    private final IndexSearcher searcher;
    private boolean closed;

    private Bm25Finder(
            List<Passage> passages, Analyzer analyzer, ByteBuffersDirectory directory, DirectoryReader reader) {
        this.passages = passages;
        this.analyzer = analyzer;
        this.directory = directory;
        this.reader = reader;
        this.searcher = new IndexSearcher(reader);
        // A question comes once; a cache would only make the searches depend on each other.
        searcher.setQueryCache(null);
    }

    static Bm25Finder of(List<Passage> passages) {
        List<Passage> kept = List.copyOf(passages);
        Analyzer analyzer = new EnglishAnalyzer(CharArraySet.EMPTY_SET);
        ByteBuffersDirectory directory = new ByteBuffersDirectory();
        try {
            write(kept, analyzer, directory);
            return new Bm25Finder(kept, analyzer, directory, DirectoryReader.open(directory));
        } catch (ThreadInterruptedException e) {
            Thread.currentThread().interrupt();
            throw Failure.interrupted();
        } catch (IOException e) {
            throw new LiftException("The passages could not be indexed for search: " + Failure.reason(e) + ".", e);
        }
    }

    private static void write(List<Passage> passages, Analyzer analyzer, ByteBuffersDirectory directory)
            throws IOException {
        // This policy merges neighbours only, so that a document's number stays its passage's place in the list.
        IndexWriterConfig config = new IndexWriterConfig(analyzer).setMergePolicy(new LogDocMergePolicy());
        try (IndexWriter writer = new IndexWriter(directory, config)) {
            for (Passage passage : passages) {
                // As Lucene does it: a writer cannot be closed by a thread that is still marked as interrupted.
                if (Thread.interrupted()) {
                    throw new ThreadInterruptedException(new InterruptedException());
                }
                Document document = new Document();
                document.add(new TextField(TEXT, passage.text(), Field.Store.NO));
                writer.addDocument(document);
            }
        }
    }

    @Override
    public synchronized List<Passage> find(String question, int most) {
        Failure.checkMost(most);
        if (closed) {
            throw Failure.closed();
        }
        if (passages.isEmpty()) {
            return List.of();
        }
        try {
            // Equal scores come in the order of the documents' numbers.
            return Stream.of(searcher.search(query(question), Math.min(most, passages.size())).scoreDocs)
                    .map(hit -> passages.get(hit.doc))
                    .toList();
        } catch (IOException e) {
            throw new LiftException("The passages could not be searched: " + Failure.reason(e) + ".", e);
        }
    }

    /**
     * Any of the question's words. They are looked up as they are, so nothing in a question is ever query syntax. Words
     * the document lacks are left out, and of more words than a query may have the rarest are kept.
     */
    private BooleanQuery query(String question) throws IOException {
        Map<Term, Integer> passagesWith = new TreeMap<>();
        for (String word : words(question)) {
            Term term = new Term(TEXT, word);
            int count = reader.docFreq(term);
            if (count > 0) {
                passagesWith.put(term, count);
            }
        }
        BooleanQuery.Builder query = new BooleanQuery.Builder();
        passagesWith.entrySet().stream()
                .sorted(Map.Entry.comparingByValue())
                .limit(IndexSearcher.getMaxClauseCount())
                .forEach(word -> query.add(new TermQuery(word.getKey()), BooleanClause.Occur.SHOULD));
        return query.build();
    }

    private Set<String> words(String question) throws IOException {
        Set<String> words = new LinkedHashSet<>();
        try (TokenStream stream = analyzer.tokenStream(TEXT, question)) {
            CharTermAttribute word = stream.addAttribute(CharTermAttribute.class);
            stream.reset();
            while (stream.incrementToken()) {
                words.add(word.toString());
            }
            stream.end();
        }
        return words;
    }

    @Override
    public synchronized void close() {
        if (closed) {
            return;
        }
        closed = true;
        try (analyzer;
                directory) {
            reader.close();
        } catch (IOException e) {
            throw new LiftException("The index of the passages could not be closed: " + Failure.reason(e) + ".", e);
        }
    }
}
