package io.github.lift4j.evaluation.metric;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.lift4j.evaluation.python.PythonLiteral;
import java.util.Collections;
import java.util.HashMap;
import java.util.Map;

/**
 * How many masks of a cloze an answer fills rightly (LooGLE's {@code get_exact_match} and {@code get_partial_match}). Over
 * a set, sum the matches and divide by the summed count.
 *
 * @param exact masks filled with the very entity
 * @param partial masks filled with something that shares a word with the entity
 * @param count masks in all
 */
public record ClozeMatch(int exact, int partial, int count) {

    /**
     * Compares an answer as a model writes it, a dictionary such as <code>{'&lt;mask-0&gt;': 'Bob'}</code>; any other text
     * fills no mask.
     */
    public static ClozeMatch of(Map<String, String> reference, String prediction) {
        return of(reference, read(prediction));
    }

    /** Compares an answer that has been read. */
    public static ClozeMatch of(Map<String, String> reference, Map<String, String> prediction) {
        int exact = 0;
        int partial = 0;
        for (Map.Entry<String, String> mask : reference.entrySet()) {
            String given = prediction.get(mask.getKey());
            if (given != null) {
                exact += given.equals(mask.getValue()) ? 1 : 0;
                partial += shareWord(given, mask.getValue()) ? 1 : 0;
            }
        }
        return new ClozeMatch(exact, partial, reference.size());
    }

    private static boolean shareWord(String a, String b) {
        return !Collections.disjoint(PythonText.words(a), PythonText.words(b));
    }

    private static Map<String, String> read(String prediction) {
        Map<String, String> masks = new HashMap<>();
        JsonNode dictionary;
        try {
            dictionary = PythonLiteral.parse(prediction);
        } catch (PythonLiteral.Malformed e) {
            // A model that does not answer with a dictionary has not filled the cloze; that is a score, not an error.
            return masks;
        }
        dictionary.properties().stream()
                .filter(mask -> mask.getValue().isTextual())
                .forEach(mask -> masks.put(mask.getKey(), mask.getValue().textValue()));
        return masks;
    }
}
