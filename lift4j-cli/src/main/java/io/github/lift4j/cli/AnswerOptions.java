package io.github.lift4j.cli;

import io.github.lift4j.answer.Mode;
import io.github.lift4j.engine.generation.Sampling;
import picocli.CommandLine.Option;

/** How to answer. */
final class AnswerOptions {

    @Option(
            names = "--mode",
            defaultValue = "lift+icl",
            description =
                    "icl (document in the window), lift (from the weights), or lift+icl (default: ${DEFAULT-VALUE}).")
    private String mode;

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

    int limit() {
        return limit;
    }

    Sampling sampling() {
        return new Sampling(temperature, topK, topP, repetitionPenalty, seed);
    }
}
