package io.github.lift4j.server.answer;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.stream.Stream;

/** What was loaded, and what is being loaded by another thread. Belongs to one thread at a time. */
final class Shelf<K, V> {

    private final Executor loader;
    private final Consumer<V> closer;
    /** Those last that were asked for last. */
    private final Map<K, CompletableFuture<V>> loads = new LinkedHashMap<>(16, 0.75f, true);

    Shelf(Executor loader, Consumer<V> closer) {
        this.loader = loader;
        this.closer = closer;
    }

    /**
     * What belongs to a key; it begins to be loaded where that is needed.
     *
     * @param wait whether to wait for it; else empty where it is not there yet
     * @throws RuntimeException why it could not be loaded; the next call tries again
     */
    Optional<V> find(K key, Supplier<V> load, boolean wait) {
        CompletableFuture<V> coming = loads.computeIfAbsent(key, k -> CompletableFuture.supplyAsync(load, loader));
        if (!wait && !coming.isDone()) {
            return Optional.empty();
        }
        try {
            return Optional.of(coming.get());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CancellationException("interrupted while a memory was loaded");
        } catch (ExecutionException e) {
            loads.remove(key);
            throw e.getCause() instanceof RuntimeException why ? why : new IllegalStateException(e.getCause());
        }
    }

    /** Lets go of what nobody needs, but for so many that were asked for last. */
    void keep(Set<K> needed, int others) {
        List<K> idle =
                loads.keySet().stream().filter(key -> !needed.contains(key)).toList();
        Set<K> leaving = Set.copyOf(idle.subList(0, Math.max(0, idle.size() - others)));
        drop(leaving::contains);
    }

    /** Lets go of some. */
    void drop(Predicate<K> which) {
        loads.entrySet().removeIf(each -> {
            boolean leaves = which.test(each.getKey());
            if (leaves) {
                // What still is being loaded goes as soon as it is there.
                var _ = each.getValue().thenAccept(closer);
            }
            return leaves;
        });
    }

    Stream<K> keys() {
        return loads.keySet().stream();
    }
}
