package io.github.lift4j.task;

import io.github.lift4j.document.Passage;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.random.RandomGenerator;

/** Shows how a sentence begins, as no other of the document does, and asks how it goes on. */
record Completion() implements Rule {

    private static final int FEWEST_WORDS = 6;
    private static final int FEWEST_SHOWN = 3;
    private static final Wordings WORDINGS = Wordings.of("completion.txt");

    @Override
    public Optional<Task> at(int sentence, Material material, RandomGenerator random) {
        Passage passage = material.sentence(sentence);
        String text = passage.text();
        List<Word> words = Word.in(text);
        if (words.size() < FEWEST_WORDS) {
            return Optional.empty();
        }
        // Between a third and two thirds of the words are shown.
        int shown = random.nextInt(Math.max(FEWEST_SHOWN, words.size() / 3), words.size() * 2 / 3 + 1);
        int cut = words.get(shown).start();
        String opening = text.substring(0, cut).strip();
        if (material.beginningWith(opening).size() != 1) {
            return Optional.empty();
        }
        String question = WORDINGS.any(random, Map.of("title", material.title(), "opening", opening));
        return Optional.of(new Task(question, text.substring(cut), passage.span(), RuleTasks.Kind.COMPLETION.source()));
    }
}
