package io.github.lift4j.evaluation.efficiency;

import io.github.lift4j.Lift;
import io.github.lift4j.absorb.Absorber;
import io.github.lift4j.answer.Answer;
import io.github.lift4j.answer.Answerer;
import io.github.lift4j.answer.Mode;
import io.github.lift4j.document.Document;
import io.github.lift4j.engine.LiftException;
import io.github.lift4j.engine.Progress;
import io.github.lift4j.engine.generation.Sampling;
import io.github.lift4j.engine.runtime.ComputeDevice;
import io.github.lift4j.engine.runtime.PeakMemory;
import io.github.lift4j.evaluation.needle.Haystack;
import io.github.lift4j.evaluation.needle.Haystack.Stack;
import io.github.lift4j.evaluation.needle.Needle;
import io.github.lift4j.evaluation.result.Finding;
import io.github.lift4j.evaluation.result.Unit;
import io.github.lift4j.memory.Memory;
import io.github.lift4j.recipe.Recipe;
import io.github.lift4j.recipe.RecipeFile;
import io.github.lift4j.recipe.SegmentSettings;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.OptionalLong;

/**
 * Times one needle task, as the paper does: an input of an exact length in, the first token of an answer out. What counts
 * is from the input's text on: tokenising it, then reading it into the window ({@code icl}) or absorbing it ({@code lift}),
 * then the question.
 *
 * <p>The base model with the document in its window must have all of it there: where the window is too short, there is no
 * figure, not one of a truncated input. The first measurement in a process pays for what is loaded and compiled then;
 * {@link #warmUp} takes that on itself.
 *
 * @param lift the base model
 * @param haystack what inputs are made of
 */
public record EfficiencyTrial(Lift lift, Haystack haystack) {

    private static final double DEPTH = 0.5;

    /** The figure is of the time to the first token: no more is written. */
    private static final int ANSWER_TOKENS = 1;

    /** A recipe that reads the input once, as the figure's LIFT does here. */
    public static Recipe oneEpoch(Recipe recipe) {
        SegmentSettings segments = recipe.segments();
        return recipe.with(new SegmentSettings(segments.length(), segments.stride(), 1));
    }

    /** Does a small task in all the unit's modes, and forgets the figures. */
    public void warmUp(Unit.Speed unit, Path folder) {
        int tokens = Math.min(unit.tokens(), lift.model().window() / 2);
        of(new Unit.Speed(unit.model(), unit.weights(), tokens, 1, unit.recipe(), unit.seed(), unit.modes()), folder);
    }

    /**
     * Times every mode of a unit, each from the start.
     *
     * @param unit its modes are without evidence; those with {@code lift} need its recipe
     * @param folder where memories are made, a folder each by the mode's name; what is left there is the caller's
     * @return a finding for each mode; without seconds where it could not be done, for want of memory or of window
     */
    public List<Finding> of(Unit.Speed unit, Path folder) {
        Stack stack = haystack.hide(
                Needle.all().getFirst(), unit.tokens(), DEPTH, lift.model().tokenizer());
        List<Finding> findings = new ArrayList<>();
        for (String mode : unit.modes()) {
            findings.add(timed(unit, Mode.parse(mode), stack, folder.resolve(mode)));
        }
        return findings;
    }

    private Finding.Timing timed(Unit.Speed unit, Mode mode, Stack stack, Path folder) {
        boolean whole = mode.document() && !mode.absorbed();
        if (whole && unit.tokens() >= lift.model().window()) {
            return notDone(unit, mode, false);
        }
        ComputeDevice device = lift.model().transformer().device();
        PeakMemory peak = PeakMemory.since(device);
        try {
            Map<String, Double> parts = new LinkedHashMap<>();
            Answer answer = answer(unit, mode, stack, folder, parts);
            if (whole && answer.promptTokens() < unit.tokens()) {
                return notDone(unit, mode, false);
            }
            double seconds = parts.values().stream().mapToDouble(part -> part).sum();
            return new Finding.Timing(
                    mode.toString(),
                    unit.tokens(),
                    unit.repetition(),
                    OptionalDouble.of(seconds),
                    parts,
                    peak.bytes(),
                    false);
        } catch (RuntimeException | OutOfMemoryError e) {
            if (!PeakMemory.ranOut(e)) {
                throw e;
            }
            PeakMemory.giveBack(device);
            return notDone(unit, mode, true);
        }
    }

    private static Finding.Timing notDone(Unit.Speed unit, Mode mode, boolean outOfMemory) {
        return new Finding.Timing(
                mode.toString(),
                unit.tokens(),
                unit.repetition(),
                OptionalDouble.empty(),
                Map.of(),
                OptionalLong.empty(),
                outOfMemory);
    }

    /** Answers, and notes in seconds what each part of it took. */
    private Answer answer(Unit.Speed unit, Mode mode, Stack stack, Path folder, Map<String, Double> parts) {
        long started = System.nanoTime();
        try (Document document = Document.of(stack.title(), stack.text())) {
            Memory memory = mode.absorbed()
                    ? lift.absorb(document, recipe(unit, mode), folder)
                    : new Absorber(lift.model(), Progress.SILENT).unlearned(document, RecipeFile.named("fast"), folder);
            long prepared = System.nanoTime();
            parts.put(mode.absorbed() ? "absorb" : "tokenise", (prepared - started) / 1e9);
            try (Answerer answerer = lift.answerer(memory, mode, ANSWER_TOKENS)) {
                String question = Needle.all().getFirst().questions().getFirst();
                Answer answer = answerer.ask(question, Sampling.GREEDY, piece -> {});
                parts.put("answer", (System.nanoTime() - prepared) / 1e9);
                return answer;
            }
        }
    }

    private static Recipe recipe(Unit.Speed unit, Mode mode) {
        return unit.recipe()
                .map(recipe -> recipe.withSeed(unit.seed()))
                .orElseThrow(() -> new LiftException(
                        "The mode " + mode + " absorbs its input, but no recipe says how: give the suite one."));
    }
}
