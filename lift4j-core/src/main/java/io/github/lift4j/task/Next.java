package io.github.lift4j.task;

import io.github.lift4j.document.Passage;
import java.util.Map;
import java.util.Optional;
import java.util.random.RandomGenerator;

/** Shows a sentence that the document has once, and asks for the one after it. */
record Next() implements Rule {

    private static final int FEWEST_WORDS = 3;
    private static final Wordings WORDINGS = Wordings.of("next.txt");

    @Override
    public Optional<Task> at(int sentence, Material material, RandomGenerator random) {
        if (!hasDecidedNext(sentence, material)) {
            return Optional.empty();
        }
        String question = WORDINGS.any(
                random,
                Map.of(
                        "title",
                        material.title(),
                        "sentence",
                        material.sentence(sentence).text()));
        String answer = material.sentence(sentence + 1).text();
        return Optional.of(
                new Task(question, answer, material.span(sentence, sentence + 1), RuleTasks.Kind.NEXT.source()));
    }

    /** Whether there is a sentence after this one, and no doubt which. */
    static boolean hasDecidedNext(int sentence, Material material) {
        if (sentence + 1 >= material.size()) {
            return false;
        }
        Passage passage = material.sentence(sentence);
        return material.isUnique(passage) && Word.in(passage.text()).size() >= FEWEST_WORDS;
    }
}
