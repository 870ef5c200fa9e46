package io.github.lift4j.recipe;

import static io.github.lift4j.recipe.Recipe.check;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import java.util.List;
import java.util.Optional;

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

    /** Whether all tasks are there or made by rule, so that no model has to be asked for them. */
    public boolean asksNoModel() {
        return sources.stream().allMatch(Unwritten.class::isInstance);
    }

    /** Who makes tasks. */
    @JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "kind")
    @JsonSubTypes({
        @JsonSubTypes.Type(value = SelfStudy.class, name = "self-study"),
        @JsonSubTypes.Type(value = Questions.class, name = "questions"),
        @JsonSubTypes.Type(value = Rules.class, name = "rules"),
        @JsonSubTypes.Type(value = Ordering.class, name = "ordering"),
        @JsonSubTypes.Type(value = Joints.class, name = "joints"),
        @JsonSubTypes.Type(value = File.class, name = "file")
    })
    public sealed interface Source {}

    /** A source that asks no model: the tasks are there, or made by rule. */
    public sealed interface Unwritten extends Source {}

    /**
     * The base model asks and answers itself with a passage in view; training matches its token distributions without.
     *
     * @param questions asked about each sentence, at least 1
     * @param sentences of a passage, at least 1
     * @param temperature at which questions are sampled, positive; answers are the likeliest
     * @param answers what is learned as the answer
     * @param answerTokens longest answer, at least 1
     * @param topChoices how many of the likeliest tokens are kept at each position, at least 1
     */
    public record SelfStudy(
            int questions, int sentences, double temperature, Answers answers, int answerTokens, int topChoices)
            implements Source {

        /** What is learned as the answer to a question that was asked about a sentence. */
        public enum Answers {
            /** What the model says with the passage in view, by its token distributions. */
            OWN,
            /** The sentence itself, word for word. */
            SENTENCE,
            /** One task of each. */
            BOTH
        }

        public SelfStudy {
            check(questions >= 1, "self-study questions", questions, "at least 1 a sentence");
            check(sentences >= 1, "self-study sentences", sentences, "at least 1 a passage");
            check(temperature > 0, "self-study temperature", temperature, "positive");
            check(answerTokens >= 1, "self-study answer_tokens", answerTokens, "at least 1");
            check(topChoices >= 1, "self-study top_choices", topChoices, "at least 1");
        }
    }

    /**
     * A language model writes pairs of questions and answers about pieces of the document; the answers are learned as they
     * stand.
     *
     * @param author who writes
     * @param from what of the document it has in view
     * @param questions pairs written about each piece, at least 1
     * @param temperature at which they are sampled, at least 0
     * @param answerTokens longest answer, at least 1
     * @param selfCheck whether the author is asked once more, for each pair, if the answer follows from the piece; where it
     *     does not say yes, the pair is dropped
     */
    public record Questions(
            Author author, From from, int questions, double temperature, int answerTokens, boolean selfCheck)
            implements Source {

        public Questions {
            check(questions >= 1, "questions' questions", questions, "at least 1");
            check(temperature >= 0, "questions' temperature", temperature, "at least 0");
            check(answerTokens >= 1, "questions' answer_tokens", answerTokens, "at least 1");
        }
    }

    /** What an author has in view while it writes. */
    @JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "kind")
    @JsonSubTypes({
        @JsonSubTypes.Type(value = Sentence.class, name = "sentence"),
        @JsonSubTypes.Type(value = Pieces.class, name = "pieces")
    })
    public sealed interface From {}

    /**
     * Every sentence of the document, with what stands before it (the paper's 2026 version).
     *
     * @param context characters (UTF-16 units) before the sentence at most, at least 0
     */
    public record Sentence(int context) implements From {

        public Sentence {
            check(context >= 0, "questions' context", context, "at least 0 characters");
        }
    }

    /**
     * Some short pieces from anywhere in the document (section 3.2).
     *
     * @param count how many, at least 1; a short document has fewer
     * @param length characters (UTF-16 units) of a piece at most, at least 1; it has one sentence at least
     */
    public record Pieces(int count, int length) implements From {

        public Pieces {
            check(count >= 1, "questions' count of pieces", count, "at least 1");
            check(length >= 1, "questions' length of pieces", length, "at least 1 character");
        }
    }

    /** Who writes questions and answers. */
    @JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "kind")
    @JsonSubTypes({
        @JsonSubTypes.Type(value = Base.class, name = "base"),
        @JsonSubTypes.Type(value = Endpoint.class, name = "endpoint")
    })
    public sealed interface Author {}

    /** The base model itself. */
    public record Base() implements Author {}

    /**
     * A model behind an OpenAI-compatible endpoint. Its key is in the environment ({@code OPENAI_API_KEY}), never in a
     * recipe; a server that asks for none needs none.
     *
     * @param url of the API, such as {@code https://api.openai.com/v1}
     * @param model its name, as the endpoint knows it
     * @param atOnce requests under way at once, at least 1
     * @param tariff what it asks; empty where nobody knows
     */
    public record Endpoint(String url, String model, int atOnce, Optional<Tariff> tariff) implements Author {

        public Endpoint {
            check(!url.isBlank(), "endpoint url", "empty", "an address such as https://api.openai.com/v1");
            check(!model.isBlank(), "endpoint model", "empty", "a name that the endpoint knows");
            check(atOnce >= 1, "endpoint at_once", atOnce, "at least 1 request");
        }
    }

    /**
     * What an endpoint asks, in whichever currency, and how fast it is: for an estimate beforehand.
     *
     * @param input price of a million tokens read, at least 0
     * @param output price of a million tokens written, at least 0
     * @param tokensPerSecond tokens written in a second by one request, positive
     */
    public record Tariff(double input, double output, double tokensPerSecond) {

        public Tariff {
            check(input >= 0, "tariff's input", input, "at least 0");
            check(output >= 0, "tariff's output", output, "at least 0");
            check(tokensPerSecond > 0, "tariff's tokens_per_second", tokensPerSecond, "positive");
        }
    }

    /**
     * Tasks made by rule, without a model.
     *
     * @param rule cloze, completion, next, ordering, choice or find
     * @param count how many, at least 1
     */
    public record Rules(String rule, int count) implements Unwritten {

        public Rules {
            check(count >= 1, "rules count", count, "at least 1");
        }
    }

    /**
     * Neighbouring passages, shuffled, to be put back into their order, in the words of BAMBOO's sorting tasks. The rule of
     * the same name takes passages of a few sentences; these are of all lengths up to one.
     *
     * @param count how many, at least 1
     * @param passage characters (UTF-16 units) of a passage at most, at least 1; it has one sentence at least
     */
    public record Ordering(int count, int passage) implements Unwritten {

        public Ordering {
            check(count >= 1, "ordering count", count, "at least 1");
            check(passage >= 1, "ordering passage", passage, "at least 1 character");
        }
    }

    /**
     * Questions whether one passage follows right behind another, of which the end and the beginning are shown; made by rule,
     * half of them to be answered yes.
     *
     * @param count how many, at least 2 and even: a yes and a no each
     * @param passage characters (UTF-16 units) of a passage at most, at least {@link #SHORTEST}; it has one sentence at
     *     least
     */
    public record Joints(int count, int passage) implements Unwritten {

        /** Characters (UTF-16 units) of the shortest passages, where the document is long enough. */
        public static final int SHORTEST = 300;

        public Joints {
            check(count >= 2 && count % 2 == 0, "joints count", count, "even and at least 2");
            check(passage >= SHORTEST, "joints passage", passage, "at least " + SHORTEST + " characters");
        }
    }

    /**
     * Tasks that a person (or an earlier run) wrote, one JSON object a line.
     *
     * @param path of the file
     */
    public record File(String path) implements Unwritten {}
}
