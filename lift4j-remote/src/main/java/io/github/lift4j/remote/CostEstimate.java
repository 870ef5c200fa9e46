package io.github.lift4j.remote;

import io.github.lift4j.engine.tokenizer.Message;
import io.github.lift4j.task.Author;
import java.util.List;

/**
 * What a long run will cost, told before it begins. The tokens that a model writes are not known before: they are
 * counted as the longest answers allowed, so this is the most that it can cost where the input is counted well.
 *
 * @param inputTokens tokens read
 * @param outputTokens tokens written
 * @param trainedTokens tokens trained, over all epochs
 * @param price in the tariff's currency
 * @param seconds that it will take
 */
public record CostEstimate(long inputTokens, long outputTokens, long trainedTokens, double price, double seconds) {

    /** Nothing to do. */
    public static final CostEstimate NONE = new CostEstimate(0, 0, 0, 0, 0);

    /** What frames a turn in every chat format: who speaks, and where the turn begins and ends. */
    static final int TOKENS_A_TURN = 4;

    private static final double MILLION = 1e6;

    /**
     * Estimates prompts that are all sent.
     *
     * @param concurrency how many are answered at once, at least 1
     */
    public static CostEstimate ofPrompts(
            List<Author.Prompt> prompts, TokenCounter counter, Tariff tariff, int concurrency) {
        long input = prompts.stream()
                .flatMap(prompt -> prompt.messages().stream())
                .mapToLong(message -> tokens(message, counter))
                .sum();
        long output = prompts.stream().mapToLong(Author.Prompt::mostTokens).sum();
        double price = (input * tariff.input() + output * tariff.output()) / MILLION;
        double atOnce = Math.clamp(prompts.size(), 1, concurrency);
        return new CostEstimate(input, output, 0, price, output / tariff.tokensPerSecond() / atOnce);
    }

    /**
     * Estimates a fine-tuning.
     *
     * @param tokens of the training file
     * @param epochs how often they are trained
     */
    public static CostEstimate ofTraining(long tokens, int epochs, Tariff tariff) {
        long trained = Math.multiplyExact(tokens, epochs);
        return new CostEstimate(
                0, 0, trained, trained * tariff.training() / MILLION, trained / tariff.tokensPerSecond());
    }

    /** Estimates answers by the tokens of all prompts and of the longest answers, one after another. */
    public static CostEstimate ofAnswers(long input, long output, Tariff tariff) {
        double price = (input * tariff.input() + output * tariff.output()) / MILLION;
        return new CostEstimate(input, output, 0, price, output / tariff.tokensPerSecond());
    }

    /** Both, one after the other. */
    public CostEstimate plus(CostEstimate other) {
        return new CostEstimate(
                inputTokens + other.inputTokens,
                outputTokens + other.outputTokens,
                trainedTokens + other.trainedTokens,
                price + other.price,
                seconds + other.seconds);
    }

    static long tokens(Message message, TokenCounter counter) {
        return counter.count(message.content()) + TOKENS_A_TURN;
    }
}
