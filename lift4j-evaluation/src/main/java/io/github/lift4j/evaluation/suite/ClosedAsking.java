package io.github.lift4j.evaluation.suite;

import io.github.lift4j.answer.Answer;
import io.github.lift4j.evaluation.benchmark.BenchmarkQuestion;
import io.github.lift4j.evidence.Evidence;
import java.util.List;
import java.util.OptionalDouble;

/**
 * Puts a document's questions to a closed model, by the same prompts as to any other. Nobody tells how likely the right
 * answer was to it.
 *
 * @param text the document's
 */
record ClosedAsking(ClosedModels.Pupil pupil, String text) implements Respondent {

    @Override
    public List<Reply> each(List<BenchmarkQuestion> questions, Way way) {
        try (Evidence evidence = way.evidence(questions, () -> text)) {
            return questions.stream()
                    .map(question -> way.frame(question)
                            .map(frame -> pupil.ask(question.prompt().after(), way.mode(), frame))
                            .orElseGet(() -> pupil.ask(question.question(), way.mode(), evidence)))
                    .map(ClosedAsking::reply)
                    .toList();
        }
    }

    private static Reply reply(Answer answer) {
        return new Reply(answer.answer(), OptionalDouble.empty(), answer.evidence());
    }
}
