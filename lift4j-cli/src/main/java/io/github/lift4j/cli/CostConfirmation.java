package io.github.lift4j.cli;

import io.github.lift4j.engine.LiftException;
import io.github.lift4j.remote.CostEstimate;
import java.io.Console;
import java.io.PrintWriter;
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
 * @param agreed whether the person agreed beforehand
 */
record CostConfirmation(PrintWriter err, String doing, boolean agreed) implements Predicate<CostEstimate> {

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
        return String.format(
                Locale.ROOT,
                "%s: about %,d tokens over all epochs, %s; it may take minutes or hours, as the provider has time.",
                doing,
                estimate.trainedTokens(),
                price(estimate.price()));
    }

    private static String price(double price) {
        if (price == 0) {
            return "at the provider's price (name it with --price to see the cost)";
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
