package io.github.lift4j.cli;

import io.github.lift4j.engine.LiftException;
import io.github.lift4j.remote.CostEstimate;
import java.io.Console;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.function.Predicate;

/**
 * Says what a run will cost and has a person agree to it.
 *
 * @param err where it is said
 * @param doing what will cost that, to begin the sentence with
 * @param naming how the provider's price is named to see the cost, such as {@code with --price}
 * @param agreed whether the person agreed beforehand
 */
record CostConfirmation(PrintWriter err, String doing, String naming, boolean agreed)
        implements Predicate<CostEstimate> {

    @Override
    public boolean test(CostEstimate estimate) {
        err.println(words(estimate));
        err.flush();
        if (agreed) {
            return true;
        }
        Console console = System.console();
        if (console == null || !console.isTerminal()) {
            throw new LiftException("This costs money and there is no terminal on which to agree to it, so nothing was"
                    + " sent: add --yes to agree beforehand.");
        }
        return answer(console).strip().toLowerCase(Locale.ROOT).startsWith("y");
    }

    private String words(CostEstimate estimate) {
        return doing + ": " + cost(estimate, naming) + "; it may take minutes or hours, as the provider has time.";
    }

    /** So many tokens, which cost so much. */
    static String cost(CostEstimate estimate, String naming) {
        List<String> tokens = new ArrayList<>();
        if (estimate.trainedTokens() > 0) {
            tokens.add(String.format(Locale.ROOT, "%,d tokens over all epochs", estimate.trainedTokens()));
        }
        if (estimate.inputTokens() > 0) {
            tokens.add(String.format(
                    Locale.ROOT, "%,d tokens read and %,d written", estimate.inputTokens(), estimate.outputTokens()));
        }
        return "about " + String.join(", ", tokens) + ", " + price(estimate.price(), naming);
    }

    private static String price(double price, String naming) {
        if (price == 0) {
            return "at the provider's price (name it " + naming + " to see the cost)";
        }
        return price < 0.01
                ? "which costs less than 0.01"
                : String.format(Locale.ROOT, "which costs about %.2f", price);
    }

    /** Read on a thread of its own: Ctrl-C must not wait for an answer. */
    private static String answer(Console console) {
        FutureTask<String> line = new FutureTask<>(() -> console.readLine("Go on? [y/N] "));
        Thread.ofPlatform().daemon().name("confirmation").start(line);
        try {
            String answer = line.get();
            return answer == null ? "" : answer;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CancellationException("Stopped; nothing was sent.");
        } catch (ExecutionException e) {
            throw new LiftException("The terminal could not be read: add --yes to agree beforehand.", e);
        }
    }
}
