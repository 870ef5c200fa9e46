package io.github.lift4j.remote;

import io.github.lift4j.engine.LiftException;
import io.github.lift4j.task.Author;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.random.RandomGenerator;

/**
 * A language model behind any OpenAI-compatible endpoint, as an author of tasks (section 3.2 of the paper has them
 * written by a language model).
 *
 * <p>A request that fails for a reason that passes (429, 5xx, a broken connection, a time-out, an answer that says
 * nothing) is sent again after a growing pause, or after what {@code Retry-After} asks for. Each answer is kept as it
 * comes, so a run that was stopped goes on where it was, without paying again.
 *
 * <p>For several threads at once. An interruption stops {@link #write} within moments.
 */
public final class ChatAuthor implements Author {

    private final Connection connection;
    private final ChatSettings settings;
    private final Chat chat;
    private final ExecutorService threads;

    ChatAuthor(Connection connection, ChatSettings settings) {
        this.connection = connection;
        this.settings = settings;
        this.chat = new Chat(
                connection, settings.model(), settings.schema(), new AnswerCache(settings.cache()), settings.lenient());
        this.threads = Executors.newFixedThreadPool(
                settings.concurrency(),
                Thread.ofVirtual().name("lift4j-author-", 0).factory());
    }

    /**
     * Makes ready to ask; nothing is sent yet.
     *
     * @param random spreads the pauses between tries; not to be used elsewhere meanwhile
     */
    public static ChatAuthor open(Endpoint endpoint, ChatSettings settings, RandomGenerator random) {
        return new ChatAuthor(new Connection(endpoint, Patience.real(random)), settings);
    }

    /**
     * Which versions of the model have answered so far, by the names that the endpoint gives in its answers, such as {@code
     * gpt-4-0613} for {@code gpt-4}; sorted, empty where it gives none.
     */
    public List<String> versions() {
        return chat.versions();
    }

    /** What {@link #write} would cost: prompts that repeat or whose answers are kept cost nothing. */
    public CostEstimate estimate(List<Prompt> prompts, TokenCounter counter, Tariff tariff) {
        return CostEstimate.ofPrompts(unanswered(prompts), counter, tariff, settings.concurrency());
    }

    /** Those of the prompts that {@link #write} would send. */
    List<Prompt> unanswered(List<Prompt> prompts) {
        Set<String> keys = new HashSet<>();
        return prompts.stream()
                .filter(prompt -> keys.add(chat.key(prompt)))
                .filter(prompt -> chat.kept(prompt).isEmpty())
                .toList();
    }

    /**
     * Answers all prompts; the same prompt with the same seed is asked once. Where one fails, those under way are still
     * waited for and kept, because they are paid for, and the rest is not begun.
     */
    @Override
    public List<String> write(List<Prompt> prompts) {
        AtomicBoolean stopped = new AtomicBoolean();
        Map<String, Future<String>> answers = new LinkedHashMap<>();
        for (Prompt prompt : prompts) {
            answers.computeIfAbsent(chat.key(prompt), key -> threads.submit(() -> answered(prompt, stopped)));
        }
        waitFor(answers.values(), stopped);
        return prompts.stream()
                .map(prompt -> answers.get(chat.key(prompt)))
                .map(Future::resultNow)
                .toList();
    }

    private String answered(Prompt prompt, AtomicBoolean stopped) {
        if (stopped.get()) {
            return "";
        }
        try {
            return chat.say(prompt).text();
        } catch (RuntimeException | Error e) {
            stopped.set(true);
            throw e;
        }
    }

    private void waitFor(Collection<Future<String>> answers, AtomicBoolean stopped) {
        List<Throwable> failures = new ArrayList<>();
        for (Future<String> answer : answers) {
            try {
                answer.get();
            } catch (ExecutionException e) {
                failures.add(e.getCause());
            } catch (InterruptedException e) {
                stopped.set(true);
                answers.forEach(each -> each.cancel(true));
                Thread.currentThread().interrupt();
                throw new LiftException(
                        "Asking " + settings.model() + " was interrupted: what it has answered is kept, so start it"
                                + " again to go on.",
                        e);
            }
        }
        if (!failures.isEmpty()) {
            throw thrown(failures);
        }
    }

    /** The first failure, the others beside it. */
    private static RuntimeException thrown(List<Throwable> failures) {
        Throwable first = failures.getFirst();
        failures.stream().skip(1).forEach(first::addSuppressed);
        return switch (first) {
            case RuntimeException failure -> failure;
            case Error error -> throw error;
            default -> new IllegalStateException(first);
        };
    }

    /** Stops what is under way. */
    @Override
    public void close() {
        threads.shutdownNow();
        connection.close();
    }
}
