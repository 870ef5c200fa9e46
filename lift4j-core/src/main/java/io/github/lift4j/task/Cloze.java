package io.github.lift4j.task;

import io.github.lift4j.document.Passage;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.random.RandomGenerator;

/**
 * Leaves one word out of a sentence. The word stands there once, and no other sentence of the document is the same but for
 * that word.
 */
record Cloze() implements Rule {

    static final String BLANK = "____";
    private static final int FEWEST_WORDS = 4;
    private static final Wordings WORDINGS = Wordings.of("cloze.txt");

    @Override
    public Optional<Task> at(int sentence, Material material, RandomGenerator random) {
        Passage passage = material.sentence(sentence);
        String text = passage.text();
        List<Word> words = Word.in(text);
        List<Word> candidates = material.telling(words).stream()
                .filter(word -> words.stream()
                                .filter(other -> other.key().equals(word.key()))
                                .count()
                        == 1)
                .filter(word -> isDecided(text, word, material))
                .toList();
        if (words.size() < FEWEST_WORDS || text.contains(BLANK) || candidates.isEmpty()) {
            return Optional.empty();
        }
        Word left = candidates.get(random.nextInt(candidates.size()));
        String masked = text.substring(0, left.start()) + BLANK + text.substring(left.end());
        String question = WORDINGS.any(random, Map.of("title", material.title(), "sentence", masked));
        return Optional.of(new Task(question, left.text(), passage.span(), RuleTasks.Kind.CLOZE.source()));
    }

    private static boolean isDecided(String text, Word word, Material material) {
        String before = text.substring(0, word.start());
        String after = text.substring(word.end());
        return material.beginningWith(before).stream()
                .allMatch(other -> other.equals(text)
                        || other.length() <= before.length() + after.length()
                        || !other.endsWith(after));
    }
}
