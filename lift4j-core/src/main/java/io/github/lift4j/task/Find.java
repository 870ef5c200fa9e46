package io.github.lift4j.task;

import io.github.lift4j.document.Passage;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.random.RandomGenerator;

/** Names a word that stands in one sentence of the document only, and asks for the sentence. */
record Find() implements Rule {

    private static final int FEWEST_WORDS = 4;
    private static final Wordings WORDINGS = Wordings.of("find.txt");

    @Override
    public Optional<Task> at(int sentence, Material material, RandomGenerator random) {
        Passage passage = material.sentence(sentence);
        List<Word> words = Word.in(passage.text());
        List<Word> rare =
                material.telling(words).stream().filter(material::isRare).toList();
        if (words.size() < FEWEST_WORDS || rare.isEmpty()) {
            return Optional.empty();
        }
        String term = rare.get(random.nextInt(rare.size())).text();
        String question = WORDINGS.any(random, Map.of("title", material.title(), "term", term));
        return Optional.of(new Task(question, passage.text(), passage.span(), RuleTasks.Kind.FIND.source()));
    }
}
