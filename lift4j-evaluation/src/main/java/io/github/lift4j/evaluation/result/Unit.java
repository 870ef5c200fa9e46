package io.github.lift4j.evaluation.result;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import io.github.lift4j.recipe.Recipe;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * A piece of work that is done as a whole or not at all: one document (or haystack, or input of some length), one recipe,
 * one seed. Plain data that says all there is to say, so that it may be done anywhere; two that are equal give equal
 * findings. The recipe is in it, not only its name: another recipe makes another unit.
 */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "unit")
@JsonSubTypes({
    @JsonSubTypes.Type(value = Unit.Reading.class, name = "reading"),
    @JsonSubTypes.Type(value = Unit.Haystack.class, name = "haystack"),
    @JsonSubTypes.Type(value = Unit.Speed.class, name = "speed"),
    @JsonSubTypes.Type(value = Unit.Order.class, name = "order")
})
public sealed interface Unit {

    /** What the tables call the model. */
    String model();

    /**
     * What is opened: a hub's id, a folder, a file, a base that was fine-tuned beforehand, or the {@link #provider}'s name of
     * a model.
     */
    String weights();

    /** Whose model it is; empty where it runs here. */
    default Optional<Provider> provider() {
        return Optional.empty();
    }

    /** By what the document is absorbed, its seed set; empty where no mode needs an absorb. */
    Optional<Recipe> recipe();

    /** Fixes all that is drawn. */
    long seed();

    /**
     * The modes in which questions are asked, as {@code lift+icl}, {@code rag:embedding}, {@code evidence+icl:gold} or {@code
     * icl:joints}.
     */
    List<String> modes();

    /** The recipe's name, or an empty text where there is none. */
    default String recipeName() {
        return recipe().map(Recipe::name).orElse("");
    }

    /** A name that no other unit has, always and everywhere the same; fit for a folder. */
    default String id() {
        return UUID.nameUUIDFromBytes(ResultJson.write(this).getBytes(StandardCharsets.UTF_8))
                .toString();
    }

    /**
     * Who has a closed model, which absorbs through a fine-tuning API.
     *
     * @param endpoint of the API, such as {@code https://api.openai.com/v1}
     * @param window tokens that the model reads and writes at most
     */
    record Provider(String endpoint, long window) {}

    /**
     * All questions of a benchmark's document.
     *
     * @param set the file in the data folder without its extension, such as {@code loogle/shortdep_qa}
     * @param document its id, the file's name and line, such as {@code shortdep_qa:3}
     * @param documentTokens most tokens of the document that stand in the window
     * @param answerTokens longest answer
     */
    record Reading(
            String model,
            String weights,
            String set,
            String document,
            Optional<Recipe> recipe,
            long seed,
            List<String> modes,
            int documentTokens,
            int answerTokens,
            @JsonInclude(JsonInclude.Include.NON_ABSENT) Optional<Provider> provider)
            implements Unit {

        public Reading {
            modes = List.copyOf(modes);
        }
    }

    /**
     * A needle in a haystack, asked for in all its wordings.
     *
     * @param tokens of the haystack, needle included
     * @param depth where the needle is, 0 at the beginning to 1 at the end
     * @param needle its name
     */
    record Haystack(
            String model,
            String weights,
            int tokens,
            double depth,
            String needle,
            Optional<Recipe> recipe,
            long seed,
            List<String> modes)
            implements Unit {

        public Haystack {
            modes = List.copyOf(modes);
        }
    }

    /**
     * How long one mode takes to its first answer, and how much memory.
     *
     * @param tokens of the input
     * @param repetition counted from 1
     */
    record Speed(
            String model,
            String weights,
            int tokens,
            int repetition,
            Optional<Recipe> recipe,
            long seed,
            List<String> modes)
            implements Unit {

        public Speed {
            modes = List.copyOf(modes);
        }
    }

    /**
     * Whether a text's order survives its being cut into segments that only touch, and into segments that overlap.
     *
     * @param tokens of the text, about
     * @param passage tokens of an end and of a beginning that are to be matched
     */
    record Order(
            String model,
            String weights,
            int tokens,
            int passage,
            Optional<Recipe> recipe,
            long seed,
            List<String> modes)
            implements Unit {

        public Order {
            modes = List.copyOf(modes);
        }
    }
}
