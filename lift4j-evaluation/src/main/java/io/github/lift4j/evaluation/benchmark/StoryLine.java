package io.github.lift4j.evaluation.benchmark;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.lift4j.document.Passage;
import io.github.lift4j.document.Passages;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/**
 * A story of QuALITY whose passages are to be sorted: five, as BAMBOO has, each of the three sentences in the middle of a
 * fifth of the story.
 */
final class StoryLine {

    private static final int PASSAGES = 5;
    private static final int SENTENCES = 3;

    /** A fifth must have more than its passage. */
    private static final int FEWEST_SENTENCES = 2 * PASSAGES * SENTENCES;

    private StoryLine() {}

    static Optional<BenchmarkDocument> read(BenchmarkTask task, String id, JsonNode line) throws UnreadableLine {
        Fields fields = new Fields(line);
        String story = fields.text("article");
        String own = fields.textOr("article_id", id);
        List<Passage> sentences = Passages.sentences(story);
        if (sentences.size() < FEWEST_SENTENCES) {
            return Optional.empty();
        }
        List<String> passages = passages(story, sentences);
        List<Integer> shown =
                new ArrayList<>(IntStream.range(0, PASSAGES).boxed().toList());
        Collections.shuffle(shown, new SplittableRandom(own.hashCode()));
        List<Integer> order =
                IntStream.range(0, PASSAGES).map(shown::indexOf).boxed().toList();
        List<String> shuffled = shown.stream().map(passages::get).toList();
        Map<String, String> values =
                Map.of("count", String.valueOf(PASSAGES), "passages", BambooLine.numbered(shuffled));
        BenchmarkQuestion question = task.question(values, new Gold.Order(order), List.of(), task.name())
                .withPassages(shuffled);
        return Optional.of(new BenchmarkDocument(own, fields.textOr("title", own), story, List.of(question)));
    }

    private static List<String> passages(String story, List<Passage> sentences) {
        return IntStream.range(0, PASSAGES)
                .map(part -> (sentences.size() * (2 * part + 1) / PASSAGES - SENTENCES) / 2)
                .mapToObj(first -> Passages.groups(story, sentences.subList(first, first + SENTENCES), SENTENCES)
                        .getFirst()
                        .text())
                .toList();
    }
}
