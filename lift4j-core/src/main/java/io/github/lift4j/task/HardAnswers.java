package io.github.lift4j.task;

import io.github.lift4j.engine.model.LanguageModel;
import io.github.lift4j.engine.tokenizer.Tokenizer;
import io.github.lift4j.prompt.UserTurn;
import java.util.Optional;
import java.util.stream.IntStream;

/** Makes tasks whose answers are learned as they stand, up to the token by which the template ends an answer. */
record HardAnswers(Tokenizer tokenizer, Optional<Integer> endOfAnswer) {

    static HardAnswers of(LanguageModel model) {
        return new HardAnswers(model.tokenizer(), UserTurn.of(model).endOfAnswer());
    }

    PreparedTask prepared(Task task) {
        int[] answer = IntStream.concat(
                        IntStream.of(tokenizer.encode(task.answer())),
                        endOfAnswer.stream().mapToInt(end -> end))
                .toArray();
        return new PreparedTask(task, answer, Optional.empty());
    }
}
