package io.github.lift4j.task;

import io.github.lift4j.document.Passage;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** The question of {@link Next} with four answers to choose from; the wrong ones stand elsewhere in the document. */
record Choice() implements Rule {

    private static final String LETTERS = "ABCD";
    /** A document of the same line over and over has no four options; this is when to give up. */
    private static final int TRIES = 50;

    private static final Wordings WORDINGS = Wordings.of("choice.txt");

    @Override
    public Optional<Task> at(int sentence, Material material, RandomGenerator random) {
        if (!Next.hasDecidedNext(sentence, material)) {
            return Optional.empty();
        }
        String asked = material.sentence(sentence).text();
        String right = material.sentence(sentence + 1).text();
        List<String> options = new ArrayList<>(distractors(asked, right, material, random));
        if (options.size() < LETTERS.length() - 1) {
            return Optional.empty();
        }
        int place = random.nextInt(LETTERS.length());
        options.add(place, right);
        String question = WORDINGS.any(
                random, Map.of("title", material.title(), "sentence", asked, "options", lettered(options)));
        return Optional.of(new Task(
                question,
                LETTERS.substring(place, place + 1),
                material.span(sentence, sentence + 1),
                RuleTasks.Kind.CHOICE.source()));
    }

    private static Set<String> distractors(String asked, String right, Material material, RandomGenerator random) {
        Set<String> distractors = new LinkedHashSet<>();
        for (int i = 0; i < TRIES && distractors.size() < LETTERS.length() - 1; i++) {
            Passage other = material.any(random);
            if (!other.text().equals(asked) && !other.text().equals(right)) {
                distractors.add(other.text());
            }
        }
        return distractors;
    }

    private static String lettered(List<String> options) {
        return IntStream.range(0, options.size())
                .mapToObj(i -> LETTERS.charAt(i) + ". " + options.get(i))
                .collect(Collectors.joining("\n"));
    }
}
