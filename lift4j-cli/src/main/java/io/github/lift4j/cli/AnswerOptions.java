package io.github.lift4j.cli;

import io.github.lift4j.Lift;
import io.github.lift4j.answer.Answerer;
import io.github.lift4j.answer.Mode;
import io.github.lift4j.answer.Window;
import io.github.lift4j.engine.generation.Sampling;
import io.github.lift4j.memory.Memory;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** How to answer. */
final class AnswerOptions {

    @Mixin
    private ModeOptions mode;

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
        return mode.mode();
    }

    /** Makes ready to answer about a memory; the caller closes it. */
    Answerer open(Lift lift, Memory memory) {
        return lift.answerer(memory, mode(), Window.full(mode.limit()), mode.evidence(memory::text));
    }

    Sampling sampling() {
        return new Sampling(temperature, topK, topP, repetitionPenalty, seed);
    }
}
