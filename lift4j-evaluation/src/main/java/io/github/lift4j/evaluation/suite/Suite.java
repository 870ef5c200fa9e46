package io.github.lift4j.evaluation.suite;

import io.github.lift4j.engine.LiftException;
import io.github.lift4j.evaluation.needle.Needle;
import io.github.lift4j.evaluation.result.Unit;
import io.github.lift4j.recipe.Recipe;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.DoubleStream;

/**
 * What is to be measured: every model on every set in every mode, by every recipe and seed where the mode needs an absorb;
 * and perhaps needles, speed and the order of segments. Read from YAML by {@link SuiteFile}.
 *
 * @param name what a person calls it
 * @param seeds of the absorbs, at least one
 * @param documentTokens most tokens of a document that stand in the window; empty for as many as fit
 * @param answerTokens longest answer; empty for each set's official length
 */
public record Suite(
        String name,
        List<ModelChoice> models,
        List<SetChoice> sets,
        List<Long> seeds,
        OptionalInt documentTokens,
        OptionalInt answerTokens,
        Optional<Needles> needles,
        Optional<Efficiency> efficiency,
        Optional<Order> order) {

    /** The folders of published files that it is made of, such as {@code loogle}. */
    public SortedSet<String> folders() {
        SortedSet<String> folders = new TreeSet<>();
        sets.forEach(set -> folders.add(Path.of(set.name()).getName(0).toString()));
        if (hasHaystack()) {
            folders.add(Path.of(UnitWork.HAYSTACK).getName(0).toString());
        }
        return folders;
    }

    /** Whether it asks for more than sets: what is made of the haystack's texts. */
    boolean hasHaystack() {
        return needles.isPresent() || efficiency.isPresent() || order.isPresent();
    }

    /**
     * A model.
     *
     * @param name what the tables call it
     * @param weights a hub's id, a folder or a file, or the provider's name of a closed model
     * @param tuned the folder of the same model fine-tuned beforehand, for the modes with {@code sft}
     * @param provider of a closed model; empty for one that runs here
     * @param price what the provider asks
     */
    public record ModelChoice(
            String name, String weights, Optional<String> tuned, Optional<Unit.Provider> provider, Price price) {

        public ModelChoice {
            require(
                    provider.isPresent() || price.equals(Price.UNKNOWN),
                    name + ".price",
                    "there",
                    "left out, or stand beside an endpoint");
            require(
                    provider.isEmpty() || tuned.isEmpty(),
                    name + ".tuned",
                    tuned.orElse(""),
                    "left out beside an endpoint: a provider's model that was fine-tuned beforehand has a name of its own");
            require(
                    provider.map(Unit.Provider::window).orElse(1L) >= 1,
                    name + ".window",
                    provider.map(Unit.Provider::window),
                    "at least 1");
        }
    }

    /**
     * What a provider asks for a million tokens, in whichever currency; 0 where it is not known.
     *
     * @param training of each epoch
     * @param input tokens that are read
     * @param output tokens that are written
     */
    public record Price(double training, double input, double output) {

        static final Price UNKNOWN = new Price(0, 0, 0);

        public Price {
            require(
                    DoubleStream.of(training, input, output).allMatch(price -> price >= 0 && Double.isFinite(price)),
                    "price",
                    List.of(training, input, output),
                    "not negative");
        }
    }

    /**
     * A set of documents with questions.
     *
     * @param name its file in the data folder without the extension, such as {@code loogle/shortdep_qa}
     * @param limit most documents
     * @param sampleSeed decides which they are; empty for the first ones
     * @param modes in which its questions are asked
     * @param recipes by which its documents are absorbed
     */
    record SetChoice(String name, OptionalInt limit, OptionalLong sampleSeed, List<Way> modes, List<Recipe> recipes) {

        SetChoice {
            require(limit.orElse(1) >= 1, name + ".limit", limit, "at least 1");
            modes = List.copyOf(modes);
            recipes = List.copyOf(recipes);
            require(!modes.isEmpty(), name + ".modes", modes, "a list of at least one mode");
            for (Way way : modes) {
                require(!way.mode().absorbed() || !recipes.isEmpty(), name + ".recipes", recipes, "a list, for " + way);
                require(
                        !way.mode().tasks()
                                || recipes.stream()
                                        .anyMatch(recipe -> recipe.tasks().isPresent()),
                        name + ".recipes",
                        recipes.stream().map(Recipe::name).toList(),
                        "a list with a recipe that has tasks, for the mode " + way);
            }
        }

        /**
         * The recipes that a mode is tried with: those with tasks for {@code at}, the others for {@code lift} without it;
         * where there are no others, all.
         */
        List<Recipe> recipesFor(Way way) {
            List<Recipe> fitting = recipes.stream()
                    .filter(recipe -> recipe.tasks().isPresent() == way.mode().tasks())
                    .toList();
            return fitting.isEmpty() ? recipes : fitting;
        }
    }

    /**
     * Needles in haystacks (Figure 4).
     *
     * @param lengths of haystacks in tokens
     * @param depths 0 for a haystack's beginning to 1 for its end
     * @param needles how many different ones are hidden, one at a time
     * @param modes without evidence, tasks or joints
     */
    record Needles(List<Integer> lengths, List<Double> depths, int needles, List<Way> modes, Recipe recipe) {

        Needles {
            lengths = List.copyOf(lengths);
            depths = List.copyOf(depths);
            modes = List.copyOf(modes);
            requireLengths("needles", lengths);
            require(
                    !depths.isEmpty() && depths.stream().allMatch(depth -> depth >= 0 && depth <= 1),
                    "needles.depths",
                    depths,
                    "a list of numbers from 0 to 1");
            require(
                    needles >= 1 && needles <= Needle.all().size(),
                    "needles.needles",
                    needles,
                    "from 1 to " + Needle.all().size());
            requirePlain("needles", modes);
        }
    }

    /**
     * Time and memory against length (Figure 3).
     *
     * @param lengths of inputs in tokens
     * @param repeat how often each is measured
     * @param modes without evidence, tasks or joints
     */
    record Efficiency(List<Integer> lengths, int repeat, List<Way> modes, Recipe recipe) {

        Efficiency {
            lengths = List.copyOf(lengths);
            modes = List.copyOf(modes);
            requireLengths("efficiency", lengths);
            require(repeat >= 1, "efficiency.repeat", repeat, "at least 1");
            requirePlain("efficiency", modes);
        }
    }

    /**
     * Whether a text's order survives its being cut into segments (Figure 2).
     *
     * @param lengths of texts in tokens
     * @param passage tokens of the ends and beginnings that are to be matched
     * @param recipe its segments are cut with and without overlap
     */
    record Order(List<Integer> lengths, int passage, Recipe recipe) {

        Order {
            lengths = List.copyOf(lengths);
            int segment = recipe.segments().length();
            require(
                    passage >= 1 && passage <= segment,
                    "order.passage",
                    passage,
                    "from 1 to a segment's " + segment + " tokens");
            int shortest = 2 * segment + passage;
            require(
                    !lengths.isEmpty() && lengths.stream().allMatch(length -> length >= shortest),
                    "order.lengths",
                    lengths,
                    "a list of lengths of at least two segments and a passage, " + shortest + " tokens");
        }
    }

    public Suite {
        models = List.copyOf(models);
        sets = List.copyOf(sets);
        seeds = List.copyOf(seeds);
        require(!models.isEmpty(), "models", models, "a list of at least one model");
        require(!seeds.isEmpty(), "seeds", seeds, "a list of at least one seed");
        require(documentTokens.orElse(2) >= 2, "document_tokens", documentTokens, "at least 2");
        require(answerTokens.orElse(1) >= 1, "answer_tokens", answerTokens, "at least 1");
        require(
                !sets.isEmpty() || needles.isPresent() || efficiency.isPresent() || order.isPresent(),
                "sets",
                sets,
                "a list of at least one set where there are no needles, no efficiency and no order");
        require(
                sets.stream().map(SetChoice::name).distinct().count() == sets.size(),
                "sets",
                sets.stream().map(SetChoice::name).toList(),
                "a list that names each set once");
    }

    private static void requireLengths(String section, List<Integer> lengths) {
        require(
                !lengths.isEmpty() && lengths.stream().allMatch(length -> length >= 16),
                section + ".lengths",
                lengths,
                "a list of lengths of at least 16 tokens");
    }

    private static void requirePlain(String section, List<Way> modes) {
        require(
                !modes.isEmpty()
                        && modes.stream().noneMatch(Way::joints)
                        && modes.stream()
                                .map(Way::mode)
                                .noneMatch(mode -> mode.sft() || mode.tasks() || mode.evidence()),
                section + ".modes",
                modes,
                "a list of modes without sft, at, evidence and joints");
    }

    private static void require(boolean holds, String key, Object value, String rule) {
        if (!holds) {
            throw new LiftException("The suite's " + key + " is " + value + ", but must be " + rule + ".");
        }
    }
}
