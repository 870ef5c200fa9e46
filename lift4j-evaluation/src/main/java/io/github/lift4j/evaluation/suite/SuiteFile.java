package io.github.lift4j.evaluation.suite;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonProperty;
import io.github.lift4j.engine.LiftException;
import io.github.lift4j.engine.hub.DefaultModel;
import io.github.lift4j.evaluation.result.Unit;
import io.github.lift4j.evaluation.suite.Suite.Efficiency;
import io.github.lift4j.evaluation.suite.Suite.ModelChoice;
import io.github.lift4j.evaluation.suite.Suite.Needles;
import io.github.lift4j.evaluation.suite.Suite.Order;
import io.github.lift4j.evaluation.suite.Suite.Price;
import io.github.lift4j.evaluation.suite.Suite.SetChoice;
import io.github.lift4j.recipe.Recipe;
import io.github.lift4j.recipe.RecipeFile;
import io.github.lift4j.recipe.SettingsFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Suites as people write them: YAML whose only required key is {@code name}. What is left out is the default model, the
 * paper's three modes, the recipe {@code fast}, and seed 0; a set is a name or an object with one.
 */
public final class SuiteFile {

    private static final List<String> PAPERS_MODES = List.of("icl", "lift", "lift+icl");
    private static final String BM25 = "bm25";
    private static final List<String> FAST = List.of("fast");

    /** That of gpt-3.5-turbo, less what counting tokens by length may miss. */
    private static final long CLOSED_WINDOW = 14_000;

    private static final SettingsFile<Written> YAML = new SettingsFile<>(Written.class, "suite", false);

    private record Written(
            @JsonProperty(required = true) String name,
            @Nullable List<WrittenModel> models,
            @Nullable List<WrittenSet> sets,
            @Nullable List<String> modes,
            @Nullable String evidence,
            @Nullable List<String> recipes,
            @Nullable List<Long> seeds,
            @Nullable Integer documentTokens,
            @Nullable Integer answerTokens,
            @Nullable WrittenNeedles needles,
            @Nullable WrittenEfficiency efficiency,
            @Nullable WrittenOrder order) {}

    private record WrittenModel(
            @JsonProperty(required = true) String name,
            @Nullable String weights,
            @Nullable String tuned,
            @Nullable String endpoint,
            @Nullable Long window,
            @Nullable WrittenPrice price) {

        @JsonCreator
        WrittenModel {}

        @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
        static WrittenModel of(String name) {
            return new WrittenModel(name, null, null, null, null, null);
        }
    }

    /** Whole or not at all: half a price would make half a cost look like all of it. */
    private record WrittenPrice(
            @JsonProperty(required = true) double training,
            @JsonProperty(required = true) double input,
            @JsonProperty(required = true) double output) {}

    private record WrittenSet(
            @JsonProperty(required = true) String name,
            @Nullable Integer limit,
            @Nullable Long sampleSeed,
            @Nullable List<String> modes,
            @Nullable String evidence,
            @Nullable List<String> recipes) {

        @JsonCreator
        WrittenSet {}

        @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
        static WrittenSet of(String name) {
            return new WrittenSet(name, null, null, null, null, null);
        }
    }

    private record WrittenNeedles(
            @JsonProperty(required = true) List<Integer> lengths,
            @JsonProperty(required = true) List<Double> depths,
            @Nullable Integer needles,
            @Nullable List<String> modes,
            @Nullable String recipe) {}

    private record WrittenEfficiency(
            @JsonProperty(required = true) List<Integer> lengths,
            @Nullable Integer repeat,
            @Nullable List<String> modes,
            @Nullable String recipe) {}

    private record WrittenOrder(
            @JsonProperty(required = true) List<Integer> lengths,
            @Nullable Integer passage,
            @Nullable String recipe) {}

    private SuiteFile() {}

    /** The text of a suite's file. */
    public static String text(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new LiftException(
                    "The suite " + file + " cannot be read: name a YAML file such as suites/small.yaml.", e);
        }
    }

    /**
     * Reads a suite.
     *
     * @param yaml its text
     * @param file where it lies; recipes that are files are looked for beside it
     * @throws LiftException where it has a key that no suite knows, lacks one, or has a value out of range; the sentence
     *     names the key
     */
    public static Suite parse(String yaml, Path file) {
        Written written = YAML.parse(yaml, file.toString());
        try {
            return suite(written, file);
        } catch (LiftException e) {
            throw new LiftException("In the suite " + file + ": " + e.getMessage(), e);
        }
    }

    private static Suite suite(Written written, Path file) {
        return new Suite(
                written.name,
                or(written.models, List.of(WrittenModel.of(DefaultModel.SMOLLM2.id()))).stream()
                        .map(SuiteFile::model)
                        .toList(),
                or(written.sets, List.<WrittenSet>of()).stream()
                        .map(set -> set(set, written, file))
                        .toList(),
                or(written.seeds, List.of(0L)),
                optional(written.documentTokens),
                optional(written.answerTokens),
                Optional.ofNullable(written.needles).map(needles -> needles(needles, file)),
                Optional.ofNullable(written.efficiency).map(efficiency -> efficiency(efficiency, file)),
                Optional.ofNullable(written.order)
                        .map(order -> new Order(
                                order.lengths, or(order.passage, 32), recipe(or(order.recipe, "fast"), file))));
    }

    private static ModelChoice model(WrittenModel model) {
        long window = or(model.window, CLOSED_WINDOW);
        if (model.endpoint == null && model.window != null) {
            throw new LiftException("The suite's " + model.name + ".window is there, but must be left out, or stand"
                    + " beside an endpoint: a model that runs here knows its own.");
        }
        return new ModelChoice(
                model.name,
                or(model.weights, model.name),
                Optional.ofNullable(model.tuned),
                Optional.ofNullable(model.endpoint).map(endpoint -> new Unit.Provider(endpoint, window)),
                Optional.ofNullable(model.price)
                        .map(price -> new Price(price.training, price.input, price.output))
                        .orElse(Price.UNKNOWN));
    }

    private static SetChoice set(WrittenSet set, Written suite, Path file) {
        String source = or(set.evidence, or(suite.evidence, BM25));
        return new SetChoice(
                set.name,
                optional(set.limit),
                set.sampleSeed == null ? OptionalLong.empty() : OptionalLong.of(set.sampleSeed),
                ways(or(set.modes, or(suite.modes, PAPERS_MODES)), source),
                or(set.recipes, or(suite.recipes, FAST)).stream()
                        .map(recipe -> recipe(recipe, file))
                        .toList());
    }

    private static Needles needles(WrittenNeedles needles, Path file) {
        return new Needles(
                needles.lengths,
                needles.depths,
                or(needles.needles, 1),
                ways(or(needles.modes, List.of("icl", "lift+icl")), BM25),
                recipe(or(needles.recipe, "fast"), file));
    }

    private static Efficiency efficiency(WrittenEfficiency efficiency, Path file) {
        return new Efficiency(
                efficiency.lengths,
                or(efficiency.repeat, 3),
                ways(or(efficiency.modes, List.of("icl", "lift")), BM25),
                recipe(or(efficiency.recipe, "fast"), file));
    }

    private static List<Way> ways(List<String> modes, String source) {
        return modes.stream().map(mode -> Way.parse(mode, source)).distinct().toList();
    }

    private static Recipe recipe(String name, Path file) {
        return RecipeFile.read(
                RecipeFile.NAMED.contains(name)
                        ? name
                        : file.toAbsolutePath().resolveSibling(name).toString());
    }

    private static <T> T or(@Nullable T value, T otherwise) {
        return Stream.ofNullable(value).findFirst().orElse(otherwise);
    }

    private static OptionalInt optional(@Nullable Integer value) {
        return value == null ? OptionalInt.empty() : OptionalInt.of(value);
    }
}
