package io.github.lift4j.report;

import io.github.lift4j.evaluation.suite.SuiteTable;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.function.Function;
import java.util.stream.Collectors;

/** The questions behind the scores: by set, by kind of question, by document. */
final class AnswerSections {

    /** A set. */
    record SetSection(String id, String set, List<KindSection> kinds) {}

    /**
     * The questions of a kind.
     *
     * @param asked how many questions there are, of which {@code shown} stand in the page
     */
    record KindSection(String id, String kind, int asked, int shown, List<DocumentSection> documents) {

        boolean cut() {
            return shown < asked;
        }
    }

    /** A document. */
    record DocumentSection(String title, String document, List<QuestionSection> questions) {}

    /** A question with everything that was answered. */
    record QuestionSection(String question, String gold, List<Said> answers, List<Evidence> evidence) {}

    /** An answer; scores in words. */
    record Said(String model, String way, String seed, String answer, String scores) {}

    /** Passages, and the modes in whose windows they stood. */
    record Evidence(String modes, List<String> passages) {}

    private AnswerSections() {}

    /** The id of the part of the page about a set, or one kind of its questions. */
    static String anchor(String set, String kind) {
        String name = kind.isEmpty() ? set : set + "--" + kind;
        return "answers-" + name.replaceAll("[^\\p{Alnum}_-]", "-");
    }

    /**
     * All sections.
     *
     * @param limit most questions shown of a kind
     */
    static List<SetSection> of(List<Answer> answers, int limit) {
        return sections(
                answers,
                answer -> answer.found().set(),
                (set, ofSet) -> new SetSection(
                        anchor(set, ""),
                        set,
                        sections(
                                ofSet,
                                answer -> answer.found().kind(),
                                (kind, ofKind) -> kind(set, kind, ofKind, limit))));
    }

    private static KindSection kind(String set, String kind, List<Answer> answers, int limit) {
        SequencedMap<Answer.Question, List<Answer>> questions = grouped(answers, Answer::question);
        List<List<Answer>> shown = questions.values().stream().limit(limit).toList();
        return new KindSection(
                anchor(set, kind),
                kind,
                questions.size(),
                shown.size(),
                sections(shown, all -> all.getFirst().found().document(), AnswerSections::document));
    }

    private static DocumentSection document(String document, List<List<Answer>> questions) {
        return new DocumentSection(
                questions.getFirst().getFirst().found().title(),
                document,
                questions.stream().map(AnswerSections::question).toList());
    }

    private static QuestionSection question(List<Answer> answers) {
        boolean seeds = answers.stream().map(Answer::seed).distinct().count() > 1;
        Answer first = answers.getFirst();
        return new QuestionSection(
                first.found().question(),
                first.found().gold(),
                answers.stream()
                        .map(answer -> new Said(
                                answer.model(),
                                Way.of(answer).toString(),
                                seeds ? "seed " + answer.seed() : "",
                                answer.found().answer(),
                                scores(answer)))
                        .toList(),
                evidence(answers));
    }

    private static String scores(Answer answer) {
        Map<String, Double> scores = answer.found().scores();
        List<String> words = new ArrayList<>();
        for (Measure measure : List.of(Measure.JUDGE, new Measure(SuiteTable.metric(answer.found())), Measure.NLL)) {
            Double score = scores.get(measure.name());
            if (score != null) {
                words.add(measure.label() + " " + Words.figure(measure, score));
            }
        }
        return String.join(" · ", words);
    }

    private static List<Evidence> evidence(List<Answer> answers) {
        return sections(
                answers.stream()
                        .filter(answer -> !answer.found().evidence().isEmpty())
                        .toList(),
                answer -> answer.found().evidence(),
                (passages, having) -> new Evidence(
                        having.stream()
                                .map(answer -> Way.of(answer).toString())
                                .distinct()
                                .collect(Collectors.joining("; ")),
                        passages));
    }

    private interface Section<K, T, S> {
        S of(K key, List<T> members);
    }

    private static <T, K, S> List<S> sections(List<T> all, Function<T, K> key, Section<K, T, S> section) {
        return grouped(all, key).entrySet().stream()
                .map(group -> section.of(group.getKey(), group.getValue()))
                .toList();
    }

    private static <T, K> SequencedMap<K, List<T>> grouped(List<T> all, Function<T, K> key) {
        return all.stream().collect(Collectors.groupingBy(key, LinkedHashMap::new, Collectors.toList()));
    }
}
