package io.github.lift4j.evaluation.needle;

import io.github.lift4j.Lift;
import io.github.lift4j.absorb.Absorber;
import io.github.lift4j.answer.Answerer;
import io.github.lift4j.answer.Mode;
import io.github.lift4j.answer.Window;
import io.github.lift4j.document.Document;
import io.github.lift4j.engine.LiftException;
import io.github.lift4j.engine.Progress;
import io.github.lift4j.engine.generation.Sampling;
import io.github.lift4j.evaluation.needle.Haystack.Stack;
import io.github.lift4j.evaluation.result.Finding;
import io.github.lift4j.evaluation.result.Unit;
import io.github.lift4j.evidence.Evidence;
import io.github.lift4j.memory.Memory;
import io.github.lift4j.recipe.RecipeFile;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Asks for needles: {@code icl} with the text in the window as far as it fits, {@code lift} from the parameters, {@code
 * lift+icl} from both. Each needle has a stack of its own, which is absorbed once for all modes and wordings.
 *
 * @param lift the base model
 * @param haystack what needles are hidden in
 */
public record NeedleTrial(Lift lift, Haystack haystack) {

    /** Longest answer: the original test asks for a short and direct one. */
    private static final Window WINDOW = Window.full(64);

    private static final String SOURCE_OF_RAG = "bm25";

    /**
     * Asks for the unit's first needles of {@link Needle#all} in all its modes. Where no mode needs it, nothing is
     * absorbed.
     *
     * @param folder where memories are made, a folder each by the needle's name; what is left there is the caller's
     * @return for each needle and mode a finding for each wording of the question, in their order
     * @throws LiftException where a needle does not fit, or there are not so many
     */
    public List<Finding> of(Unit.Haystack unit, Path folder) {
        if (unit.needles() < 1 || unit.needles() > Needle.all().size()) {
            throw new LiftException("There are from 1 to " + Needle.all().size() + " needles to try, not "
                    + unit.needles() + ": correct the suite's needles.");
        }
        List<Finding> findings = new ArrayList<>();
        for (Needle needle : Needle.all().subList(0, unit.needles())) {
            findings.addAll(of(unit, needle, folder.resolve(needle.id())));
        }
        return findings;
    }

    private List<Finding> of(Unit.Haystack unit, Needle needle, Path folder) {
        Stack stack =
                haystack.hide(needle, unit.tokens(), unit.depth(), lift.model().tokenizer());
        List<Finding> findings = new ArrayList<>();
        try (Document document = Document.of(stack.title(), stack.text())) {
            Memory memory = memory(unit, document, folder);
            for (String mode : unit.modes()) {
                findings.addAll(asked(unit, needle, mode, memory));
            }
        }
        return findings;
    }

    private Memory memory(Unit.Haystack unit, Document document, Path folder) {
        return unit.recipe()
                .map(recipe -> lift.absorb(document, recipe.withSeed(unit.seed()), folder))
                .orElseGet(() -> new Absorber(lift.model(), Progress.SILENT)
                        .unlearned(document, RecipeFile.named("fast"), folder));
    }

    private List<Finding> asked(Unit.Haystack unit, Needle needle, String mode, Memory memory) {
        try (Answerer answerer = answerer(mode, memory)) {
            List<String> answers = answerer.askEach(needle.questions(), Sampling.GREEDY);
            List<Finding> findings = new ArrayList<>();
            for (int i = 0; i < answers.size(); i++) {
                String answer = answers.get(i);
                findings.add(new Finding.Needle(
                        unit.tokens(),
                        unit.depth(),
                        needle.id(),
                        mode,
                        needle.questions().get(i),
                        needle.answer(),
                        answer,
                        needle.recalledIn(answer) ? 1 : 0));
            }
            return findings;
        }
    }

    /** A mode's name, with the evidence's source behind a colon where it has evidence. */
    private Answerer answerer(String name, Memory memory) {
        String[] parts = name.split(":", 2);
        Mode mode = Mode.parse(parts[0]);
        Evidence evidence = mode.evidence()
                ? Evidence.named(parts.length > 1 ? parts[1] : SOURCE_OF_RAG, memory.text())
                : Evidence.NONE;
        return lift.answerer(memory, mode, WINDOW, evidence);
    }
}
