package io.github.lift4j.engine.generation;

import io.github.lift4j.engine.LiftException;

/**
 * How the next token is chosen.
 *
 * @param temperature divides the logits; 0 takes the likeliest token always
 * @param topK only so many of the likeliest tokens; 0 for all
 * @param topP only the likeliest tokens that together have this probability, in (0, 1]
 * @param repetitionPenalty divides positive logits of tokens seen before and multiplies negative ones; 1 for none
 * @param seed fixes every choice
 */
public record Sampling(double temperature, int topK, double topP, double repetitionPenalty, long seed) {

    /** Always the likeliest token. */
    public static final Sampling GREEDY = new Sampling(0, 0, 1, 1, 0);

    public Sampling {
        if (!(temperature >= 0 && topK >= 0 && topP > 0 && topP <= 1 && repetitionPenalty > 0)) {
            throw new LiftException("Sampling needs a temperature and a top-k of at least 0, a top-p in (0, 1] and a"
                    + " positive repetition penalty, not " + temperature + ", " + topK + ", " + topP + " and "
                    + repetitionPenalty + ".");
        }
    }
}
