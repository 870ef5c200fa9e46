package io.github.lift4j.evaluation.suite;

import io.github.lift4j.answer.Answerer;
import io.github.lift4j.evaluation.benchmark.BenchmarkQuestion;
import io.github.lift4j.evaluation.benchmark.Gold;
import io.github.lift4j.prompt.Wording;
import io.github.lift4j.task.Joint;
import io.github.lift4j.task.JointOrder;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;

/**
 * Puts passages into order by asking of each two of them, both ways, whether one follows right behind the other (pairwise
 * ranking by prompting, Qin et al. 2023): the order is the one with the highest sum of the answers' odds over neighbours.
 * The questions stand in the words that such tasks are trained in.
 *
 * @param title the document's
 */
record ByJoints(Answerer answerer, String title) {

    /** Whether a question is one that can be answered so. */
    static boolean canAnswer(BenchmarkQuestion question) {
        int passages = question.passages().size();
        return passages >= 2 && passages <= JointOrder.MOST_PIECES;
    }

    /** The orders, as the official prompts want them: {@code [2] > [0] > [1]}. */
    List<String> answers(List<BenchmarkQuestion> questions) {
        List<String> messages = questions.stream()
                .flatMap(question -> messages(question.passages()).stream())
                .toList();
        Iterator<Double> odds = answerer.oddsEach(messages, Joint.YES, Joint.NO).iterator();
        return questions.stream()
                .map(question -> JointOrder.of(square(question.passages().size(), odds)))
                .map(order -> new Gold.Order(order).text())
                .toList();
    }

    /** For each passage in turn, each other one behind it. */
    private List<String> messages(List<String> passages) {
        List<String> messages = new ArrayList<>();
        for (int i = 0; i < passages.size(); i++) {
            for (int j = 0; j < passages.size(); j++) {
                if (i != j) {
                    messages.add(message(Joint.of(passages.get(i), passages.get(j))));
                }
            }
        }
        return messages;
    }

    private String message(Joint joint) {
        return Wording.QUESTION.with(Map.of("title", title, "question", joint.question()));
    }

    private static double[][] square(int passages, Iterator<Double> odds) {
        double[][] square = new double[passages][passages];
        for (int i = 0; i < passages; i++) {
            for (int j = 0; j < passages; j++) {
                square[i][j] = i == j ? 0 : odds.next();
            }
        }
        return square;
    }
}
