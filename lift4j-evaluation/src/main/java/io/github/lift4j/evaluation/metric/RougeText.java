package io.github.lift4j.evaluation.metric;

import java.util.Arrays;
import java.util.List;

/**
 * A text as the Python package {@code rouge} (1.0.1) takes it apart: sentences end at full stops, also those of
 * abbreviations and numbers, and a sentence of white space alone has one empty word.
 *
 * @param sentences the words of each
 */
record RougeText(List<List<String>> sentences) {

    static RougeText of(String text) {
        return new RougeText(Arrays.stream(text.split("\\."))
                .filter(sentence -> !sentence.isEmpty())
                .map(PythonText::words)
                .map(words -> words.isEmpty() ? List.of("") : words)
                .toList());
    }

    List<String> words() {
        return sentences.stream().flatMap(List::stream).toList();
    }
}
