package io.github.lift4j.evaluation.suite;

import io.github.lift4j.engine.LiftException;
import io.github.lift4j.evaluation.benchmark.BadLine;
import io.github.lift4j.evaluation.benchmark.BenchmarkDocument;
import io.github.lift4j.evaluation.efficiency.EfficiencyTrial;
import io.github.lift4j.evaluation.needle.Needle;
import io.github.lift4j.evaluation.needle.NeedleTrial;
import io.github.lift4j.evaluation.order.OrderTrial;
import io.github.lift4j.evaluation.result.Unit;
import io.github.lift4j.evaluation.suite.Suite.Efficiency;
import io.github.lift4j.evaluation.suite.Suite.ModelChoice;
import io.github.lift4j.evaluation.suite.Suite.Needles;
import io.github.lift4j.evaluation.suite.Suite.Order;
import io.github.lift4j.evaluation.suite.Suite.SetChoice;
import io.github.lift4j.recipe.Recipe;
import io.github.lift4j.recipe.TaskSettings;
import io.github.lift4j.task.JointOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.SequencedMap;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.IntStream;

/**
 * The units of work of a suite over some data, always the same and in the same order. Documents are absorbed once a recipe
 * and seed, whatever is asked about them; modes without an absorb are a unit of their own.
 */
public final class Plan {

    /** What a unit of needles is called where sets are named. */
    public static final String NEEDLES = "needles";

    /** The same for speed. */
    public static final String EFFICIENCY = "efficiency";

    /** The same for the order of segments. */
    public static final String ORDER = OrderTrial.SET;

    /** A token is some four characters of English: near enough to say how long a run takes. */
    static final int CHARACTERS_A_TOKEN = 4;

    /**
     * A unit with what it asks for.
     *
     * @param part the set it belongs to, or {@link #NEEDLES}, {@link #EFFICIENCY} or {@link #ORDER}
     * @param number of the document in the set's sample, or of the unit in its part, counted from 1
     */
    public record Step(Unit unit, String part, int number, Load load) {}

    private record Text(String id, Load load) {}

    private final List<Step> steps = new ArrayList<>();
    private final List<String> missing = new ArrayList<>();
    private final List<BadLine> badLines = new ArrayList<>();
    private final Map<String, Integer> sizes = new LinkedHashMap<>();

    private Plan() {}

    /**
     * Plans a suite.
     *
     * @param data the folder that its sets lie in; a set that is not there is left out
     * @throws LiftException where nothing that the suite names is there, or a set or model cannot be asked by joints as the
     *     suite says
     */
    public static Plan of(Suite suite, Path data) {
        Plan plan = new Plan();
        Map<String, List<Text>> texts = new LinkedHashMap<>();
        suite.sets().forEach(set -> texts.put(set.name(), plan.documents(set, suite, data)));
        for (ModelChoice model : suite.models()) {
            if (model.provider().isPresent()) {
                requireNoJoints(suite, model);
                plan.missing.addAll(closedTo(suite, model));
            } else if (model.tuned().isEmpty() && asksForTuned(suite)) {
                plan.missing.add("a base fine-tuned of " + model.name() + " (tuned:), for the modes with sft");
            }
            for (SetChoice set : suite.sets()) {
                plan.addSet(suite, model, set, texts.getOrDefault(set.name(), List.of()));
            }
            if (model.provider().isPresent()) {
                continue;
            }
            if (Files.isDirectory(data.resolve(UnitWork.HAYSTACK))) {
                suite.needles().ifPresent(needles -> plan.addNeedles(suite, model, needles));
                suite.efficiency().ifPresent(efficiency -> plan.addEfficiency(suite, model, efficiency));
                suite.order().ifPresent(order -> plan.addOrder(suite, model, order));
            } else if (suite.hasHaystack()) {
                plan.missing.add(UnitWork.HAYSTACK);
            }
        }
        if (plan.steps.isEmpty()) {
            throw new LiftException("There is nothing of the suite " + suite.name() + " in " + data + " ("
                    + String.join(", ", plan.missing) + "): name the folder of the benchmarks' files with --data.");
        }
        return plan;
    }

    /** All units. */
    public List<Unit> units() {
        return steps.stream().map(Step::unit).toList();
    }

    /** What the suite asks for and is not there: sets, haystacks, and models fine-tuned beforehand. */
    public List<String> missing() {
        return List.copyOf(missing);
    }

    /** The lines of the data that could not be read. */
    public List<BadLine> badLines() {
        return List.copyOf(badLines);
    }

    /** How many documents of each set are used. */
    public Map<String, Integer> sizes() {
        return Collections.unmodifiableMap(sizes);
    }

    /**
     * Some of the steps.
     *
     * @param only names of sets, whole or without their folder, {@link #NEEDLES}, {@link #EFFICIENCY}, {@link #ORDER}; empty for
     *     all
     * @param limit the first documents of each set, and units of needles, speed and order
     * @throws LiftException where a name is none of the plan's
     */
    public List<Step> some(Collection<String> only, int limit) {
        List<String> parts = steps.stream().map(Step::part).distinct().toList();
        for (String name : only) {
            if (parts.stream().noneMatch(part -> isCalled(part, name))) {
                throw new LiftException(
                        "'" + name + "' is not to be measured here: use some of " + String.join(", ", parts) + ".");
            }
        }
        return steps.stream()
                .filter(step -> only.isEmpty() || only.stream().anyMatch(name -> isCalled(step.part, name)))
                .filter(step -> step.number <= limit)
                .toList();
    }

    private static boolean isCalled(String part, String name) {
        return part.equals(name) || part.endsWith("/" + name);
    }

    private static boolean asksForTuned(Suite suite) {
        return suite.sets().stream()
                .flatMap(set -> set.modes().stream())
                .anyMatch(way -> way.mode().sft());
    }

    /** What is asked of all models and cannot be had of a closed one. */
    private static List<String> closedTo(Suite suite, ModelChoice model) {
        List<String> closed = new ArrayList<>();
        if (asksForTuned(suite)) {
            closed.add("the modes with sft");
        }
        if (suite.needles().isPresent()) {
            closed.add(NEEDLES);
        }
        if (suite.efficiency().isPresent()) {
            closed.add(EFFICIENCY);
        }
        if (suite.order().isPresent()) {
            closed.add(ORDER);
        }
        suite.sets().stream()
                .flatMap(set -> set.recipes().stream())
                .filter(recipe -> !teaches(model, recipe))
                .map(recipe -> "the recipe " + recipe.name() + ", whose tasks a model writes,")
                .distinct()
                .forEach(closed::add);
        return closed.stream()
                .map(what -> what + " for " + model.name() + ", a closed model")
                .toList();
    }

    private static void requireNoJoints(Suite suite, ModelChoice model) {
        suite.sets().stream()
                .flatMap(set -> set.modes().stream())
                .filter(Way::joints)
                .findFirst()
                .ifPresent(way -> {
                    throw new LiftException(
                            "The closed model " + model.name() + " cannot be asked in the mode " + way
                                    + ", for its provider does not tell how likely an answer is: leave out the one or the other.");
                });
    }

    /** Refuses to ask by joints where the question is not how passages stand in the text. */
    private static void requireJoints(SetChoice set, BenchmarkDocument document) {
        Optional<Way> joints = set.modes().stream().filter(Way::joints).findFirst();
        if (joints.isPresent() && !document.questions().stream().allMatch(ByJoints::canAnswer)) {
            throw new LiftException("The set " + set.name() + " cannot be asked in the mode " + joints.get()
                    + ", for " + document.id() + " does not ask for the order of 2 to " + JointOrder.MOST_PIECES
                    + " passages of a text: use that mode for BAMBOO's showssort or for quality_sorting.");
        }
    }

    /** Whether the model can absorb by the recipe: what runs here writes its own tasks, to a closed one they are given. */
    private static boolean teaches(ModelChoice model, Recipe recipe) {
        return model.provider().isEmpty() || recipe.tasks().stream().allMatch(TaskSettings::asksNoModel);
    }

    private List<Text> documents(SetChoice set, Suite suite, Path data) {
        SetFile file = SetFile.of(data, set.name());
        if (!file.exists()) {
            missing.add(set.name());
            return List.of();
        }
        int answerTokens = suite.answerTokens().orElse(file.task().answerTokens());
        List<Text> all = new ArrayList<>();
        badLines.addAll(file.read(document -> {
            requireJoints(set, document);
            return all.add(new Text(document.id(), load(document, answerTokens)));
        }));
        List<Text> sample = sample(all, set);
        sizes.put(set.name(), sample.size());
        return sample;
    }

    private static Load load(BenchmarkDocument document, int answerTokens) {
        String text = document.title() + "\0" + document.text();
        return new Load(
                UUID.nameUUIDFromBytes(text.getBytes(StandardCharsets.UTF_8)).toString(),
                document.text().length() / CHARACTERS_A_TOKEN,
                document.questions().size(),
                answerTokens);
    }

    /** The first ones, or a seeded sample in the file's order. */
    private static List<Text> sample(List<Text> all, SetChoice set) {
        int count = Math.min(set.limit().orElse(all.size()), all.size());
        List<Integer> places =
                new ArrayList<>(IntStream.range(0, all.size()).boxed().toList());
        set.sampleSeed().ifPresent(seed -> Collections.shuffle(places, new Random(seed)));
        return places.subList(0, count).stream()
                .sorted(Comparator.naturalOrder())
                .map(all::get)
                .toList();
    }

    /** All of a set on the base model first and then on the one fine-tuned beforehand: each is loaded once. */
    private void addSet(Suite suite, ModelChoice model, SetChoice set, List<Text> texts) {
        addSet(suite, model, Optional.of(model.weights()), set, ofBase(set, false), texts);
        addSet(suite, model, model.tuned(), set, ofBase(set, true), texts);
    }

    private void addSet(
            Suite suite, ModelChoice model, Optional<String> weights, SetChoice set, List<Way> ways, List<Text> texts) {
        Function<Way, List<Recipe>> recipesFor = way -> set.recipesFor(way).stream()
                .filter(recipe -> teaches(model, recipe))
                .toList();
        for (int i = 0; weights.isPresent() && i < texts.size(); i++) {
            Text text = texts.get(i);
            for (Part part : parts(ways, recipesFor, suite.seeds())) {
                Unit unit = new Unit.Reading(
                        model.name(),
                        weights.get(),
                        set.name(),
                        text.id,
                        part.recipe,
                        part.seed,
                        part.modes(),
                        suite.documentTokens().orElse(Integer.MAX_VALUE),
                        text.load.answerTokens(),
                        model.provider());
                steps.add(new Step(unit, set.name(), i + 1, text.load));
            }
        }
    }

    private static List<Way> ofBase(SetChoice set, boolean sft) {
        return set.modes().stream().filter(way -> way.mode().sft() == sft).toList();
    }

    private void addNeedles(Suite suite, ModelChoice model, Needles needles) {
        int number = 0;
        for (int tokens : needles.lengths()) {
            for (double depth : needles.depths()) {
                for (Needle needle : Needle.all().subList(0, needles.needles())) {
                    number++;
                    for (Part part : parts(needles.modes(), way -> List.of(needles.recipe()), suite.seeds())) {
                        Unit unit = new Unit.Haystack(
                                model.name(),
                                model.weights(),
                                tokens,
                                depth,
                                needle.id(),
                                part.recipe,
                                part.seed,
                                part.modes());
                        Load load = new Load(tokens, needle.questions().size(), NeedleTrial.ANSWER_TOKENS);
                        steps.add(new Step(unit, NEEDLES, number, load));
                    }
                }
            }
        }
    }

    private void addEfficiency(Suite suite, ModelChoice model, Efficiency efficiency) {
        int number = 0;
        for (int tokens : efficiency.lengths()) {
            for (int repetition = 1; repetition <= efficiency.repeat(); repetition++) {
                number++;
                for (Way way : efficiency.modes()) {
                    Part part = parts(
                                    List.of(way),
                                    any -> List.of(EfficiencyTrial.oneEpoch(efficiency.recipe())),
                                    suite.seeds().subList(0, 1))
                            .getFirst();
                    Unit unit = new Unit.Speed(
                            model.name(), model.weights(), tokens, repetition, part.recipe, part.seed, part.modes());
                    steps.add(new Step(unit, EFFICIENCY, number, new Load(tokens, 1, 1)));
                }
            }
        }
    }

    private void addOrder(Suite suite, ModelChoice model, Order order) {
        int length = order.recipe().segments().length();
        int number = 0;
        for (int tokens : order.lengths()) {
            number++;
            for (long seed : suite.seeds()) {
                Unit unit = new Unit.Order(
                        model.name(),
                        model.weights(),
                        tokens,
                        order.passage(),
                        Optional.of(order.recipe().withSeed(seed)),
                        seed,
                        OrderTrial.MODES);
                // The text is absorbed twice, and nothing is written.
                Load load = new Load(2L * tokens, OrderTrial.choices(tokens, order.passage(), length), 0);
                steps.add(new Step(unit, ORDER, number, load));
            }
        }
    }

    /** The modes that one absorb serves, or none. */
    private record Part(Optional<Recipe> recipe, long seed, List<Way> ways) {

        List<String> modes() {
            return ways.stream().map(Way::toString).toList();
        }
    }

    private static List<Part> parts(List<Way> ways, Function<Way, List<Recipe>> recipesFor, List<Long> seeds) {
        List<Part> parts = new ArrayList<>();
        List<Way> bare = ways.stream().filter(way -> !way.mode().absorbed()).toList();
        if (!bare.isEmpty()) {
            parts.add(new Part(Optional.empty(), 0, bare));
        }
        SequencedMap<Recipe, List<Way>> absorbed = new LinkedHashMap<>();
        for (Way way : ways) {
            for (Recipe recipe : way.mode().absorbed() ? recipesFor.apply(way) : List.<Recipe>of()) {
                absorbed.computeIfAbsent(recipe, any -> new ArrayList<>()).add(way);
            }
        }
        absorbed.forEach((recipe, its) -> {
            for (long seed : seeds) {
                parts.add(new Part(Optional.of(recipe.withSeed(seed)), seed, List.copyOf(its)));
            }
        });
        return parts;
    }
}
