package io.github.lift4j.recipe;

import static io.github.lift4j.recipe.Recipe.check;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import java.util.List;

/**
 * The auxiliary tasks (section 3.2): {@code L = L_input + gamma * L_AT}, both means over target tokens.
 *
 * @param gamma weight of the tasks' mean loss beside the segments', positive
 * @param epochs how often every task is trained, at least 1; tasks are spread evenly over all steps
 * @param sources who makes them, at least one
 */
public record TaskSettings(double gamma, int epochs, List<Source> sources) {

    public TaskSettings {
        check(gamma > 0, "tasks.gamma", gamma, "positive");
        check(epochs >= 1, "tasks.epochs", epochs, "at least 1");
        sources = List.copyOf(sources);
        check(!sources.isEmpty(), "tasks.sources", sources, "a list of at least one source");
    }

    /** Who makes tasks. */
    @JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "kind")
    @JsonSubTypes({
        @JsonSubTypes.Type(value = SelfStudy.class, name = "self-study"),
        @JsonSubTypes.Type(value = Rules.class, name = "rules"),
        @JsonSubTypes.Type(value = File.class, name = "file")
    })
    public sealed interface Source {}

    /**
     * The base model asks and answers itself with a passage in view; training matches its token distributions without.
     *
     * @param questions asked about each sentence, at least 1
     * @param sentences of a passage, at least 1
     * @param temperature at which questions are sampled, positive; answers are the likeliest
     * @param answerTokens longest answer, at least 1
     * @param topChoices how many of the likeliest tokens are kept at each position, at least 1
     */
    public record SelfStudy(int questions, int sentences, double temperature, int answerTokens, int topChoices)
            implements Source {

        public SelfStudy {
            check(questions >= 1, "self-study questions", questions, "at least 1 a sentence");
            check(sentences >= 1, "self-study sentences", sentences, "at least 1 a passage");
            check(temperature > 0, "self-study temperature", temperature, "positive");
            check(answerTokens >= 1, "self-study answer_tokens", answerTokens, "at least 1");
            check(topChoices >= 1, "self-study top_choices", topChoices, "at least 1");
        }
    }

    /**
     * Tasks made by rule, without a model.
     *
     * @param rule cloze, completion, next, ordering, choice or find
     * @param count how many, at least 1
     */
    public record Rules(String rule, int count) implements Source {

        public Rules {
            check(count >= 1, "rules count", count, "at least 1");
        }
    }

    /**
     * Tasks that a person (or an earlier run) wrote, one JSON object a line.
     *
     * @param path of the file
     */
    public record File(String path) implements Source {}
}
