package io.github.lift4j.retrieval;

import io.github.lift4j.document.Passage;
import io.github.lift4j.document.Span;
import java.util.ArrayList;
import java.util.List;

/** Passages of an invented document. */
final class Texts {

    static final String LIGHTHOUSE = "Old Marta Quill erected the lighthouse with her own hands. It took nine summers.";
    static final String PENGUINS = "A penguin colony nests on the northern cliffs. Nobody has ever counted the birds.";
    static final String BREAD = "The baker mixes rye with barley. His loaves keep for a month.";
    static final String GREEK = "Ο φάρος στέκεται στο νησί. Η θάλασσα είναι βαθιά.";
    static final String RUSSIAN = "Медведь живёт в лесу. Зимой он спит.";
    static final String CHINESE = "企鹅住在北边的悬崖上。没有人数过它们。";

    static final List<Passage> ISLAND = passages(LIGHTHOUSE, PENGUINS, BREAD, GREEK, RUSSIAN, CHINESE);

    private Texts() {}

    /** One after the other, a line apart. */
    static List<Passage> passages(String... texts) {
        List<Passage> passages = new ArrayList<>();
        long start = 0;
        for (String text : texts) {
            passages.add(new Passage(text, new Span(start, start + text.length())));
            start += text.length() + 1;
        }
        return passages;
    }

    static List<String> of(List<Passage> passages) {
        return passages.stream().map(Passage::text).toList();
    }
}
