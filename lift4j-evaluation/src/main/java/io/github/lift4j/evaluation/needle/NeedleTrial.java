package io.github.lift4j.evaluation.needle;

import io.github.lift4j.Lift;
import io.github.lift4j.answer.Answerer;
import io.github.lift4j.answer.Mode;
import io.github.lift4j.answer.Window;
import io.github.lift4j.engine.LiftException;
import io.github.lift4j.engine.generation.Sampling;
import io.github.lift4j.evaluation.needle.Haystack.Stack;
import io.github.lift4j.evaluation.result.Effort;
import io.github.lift4j.evaluation.result.Finding;
import io.github.lift4j.evaluation.result.Result;
import io.github.lift4j.evaluation.result.Unit;
import io.github.lift4j.evaluation.run.Memories;
import io.github.lift4j.evidence.Evidence;
import io.github.lift4j.memory.Memory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
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
    public static final int ANSWER_TOKENS = 64;

    private static final String SOURCE_OF_RAG = "bm25";

    /**
     * Asks for the unit's needle in all its modes. Where no mode needs it, nothing is absorbed.
     *
     * @param work where memories are made, a folder each; what is left there is the caller's
     * @return for each mode a finding for each wording of the question, in their order, and what it took
     * @throws LiftException where there is no such needle, or it does not fit
     */
    public Result of(Unit.Haystack unit, Path work) {
        long start = System.nanoTime();
        Needle needle = Needle.named(unit.needle());
        Stack stack =
                haystack.hide(needle, unit.tokens(), unit.depth(), lift.model().tokenizer());
        Memory memory = new Memories(lift, work).of(stack.title(), stack.text(), unit.recipe());
        List<Finding> findings = new ArrayList<>();
        for (String mode : unit.modes()) {
            findings.addAll(asked(unit, needle, mode, memory));
        }
        return new Result(unit, Effort.since(start, memory), findings);
    }

    private List<Finding> asked(Unit.Haystack unit, Needle needle, String mode, Memory memory) {
        try (Answerer answerer = answerer(mode, memory)) {
            List<String> answers = answerer.askEach(needle.questions(), Sampling.GREEDY);
            List<Double> nll = answerer.scoreEach(
                    needle.questions(), Collections.nCopies(needle.questions().size(), needle.answer()));
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
                        needle.recalledIn(answer) ? 1 : 0,
                        nll.get(i)));
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
        return lift.answerer(memory, mode, Window.full(ANSWER_TOKENS), evidence);
    }
}
