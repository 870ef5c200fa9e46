package io.github.lift4j.cli;

import io.github.lift4j.Lift;
import io.github.lift4j.answer.Answerer;
import io.github.lift4j.answer.Mode;
import io.github.lift4j.answer.Window;
import io.github.lift4j.engine.generation.Sampling;
import io.github.lift4j.evidence.Evidence;
import io.github.lift4j.memory.Memory;
import picocli.CommandLine.Option;

/** How to answer. */
final class AnswerOptions {

    @Option(
            names = "--mode",
            defaultValue = "lift+icl",
            description = {
                "icl (document in the window), lift (from the weights), lift+icl, lift+at+icl, sft+icl, sft+lift+icl,",
                "sft+lift+at+icl, evidence+icl, lift+evidence+icl, or rag (passages found, base model)",
                "(default: ${DEFAULT-VALUE})."
            })
    private String mode;

    @Option(
            names = "--evidence",
            paramLabel = "SOURCE",
            defaultValue = "bm25",
            description = "Where a mode with evidence has it from: bm25 (words), embedding (meaning), or recall (the"
                    + " memory writes what it remembers) (default: ${DEFAULT-VALUE}).")
    private String evidence;

    @Option(names = "--max-tokens", defaultValue = "128", description = "Longest answer (default: ${DEFAULT-VALUE}).")
    private int limit;

    @Option(names = "--temperature", defaultValue = "0", description = "0 is always the likeliest (default: 0).")
    private double temperature;

    @Option(names = "--top-p", defaultValue = "1", description = "Nucleus sampling (default: 1, off).")
    private double topP;

    @Option(names = "--top-k", defaultValue = "0", description = "Only the K likeliest (default: 0, all).")
    private int topK;

    @Option(names = "--repetition-penalty", defaultValue = "1", description = "Over 1 repeats less (default: 1, off).")
    private double repetitionPenalty;

    @Option(names = "--seed", defaultValue = "0", description = "Fixes sampling (default: 0).")
    private long seed;

    Mode mode() {
        return Mode.parse(mode);
    }

    /** Makes ready to answer about a memory; the caller closes it. */
    Answerer open(Lift lift, Memory memory) {
        Mode parsed = mode();
        Evidence found = parsed.evidence() ? Evidence.named(evidence, memory.text()) : Evidence.NONE;
        try {
            return lift.answerer(memory, parsed, Window.full(limit), found);
        } catch (RuntimeException e) {
            found.close();
            throw e;
        }
    }

    Sampling sampling() {
        return new Sampling(temperature, topK, topP, repetitionPenalty, seed);
    }
}
