package io.github.lift4j.server;

import io.github.lift4j.engine.LiftException;
import io.github.lift4j.evidence.TextEmbedder;
import io.github.lift4j.evidence.TextEmbedderSource;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Says of a text how many a, b and c it has.
 *
 * @param read the texts that were embedded, in their order
 */
record LetterCounts(List<String> read, AtomicBoolean closed) implements TextEmbedderSource {

    LetterCounts() {
        this(new CopyOnWriteArrayList<>(), new AtomicBoolean());
    }

    @Override
    public String name() {
        return "letters";
    }

    @Override
    public int dimensions() {
        return 3;
    }

    @Override
    public TextEmbedder open() {
        return new TextEmbedder() {
            @Override
            public Embedding embed(String text) {
                if (text.isBlank()) {
                    throw new LiftException("The text has no letters: give it some.");
                }
                read.add(text);
                return new Embedding(new float[] {count(text, 'a'), count(text, 'b'), count(text, 'c')}, text.length());
            }

            @Override
            public void close() {
                closed.set(true);
            }
        };
    }

    private static float count(String text, char letter) {
        return text.chars().filter(c -> c == letter).count();
    }
}
