package io.github.lift4j.server.api;

import io.github.lift4j.server.store.Page;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** A list as OpenAI's API gives it. */
record ListView<T>(String object, List<T> data, Optional<String> firstId, Optional<String> lastId, boolean hasMore) {

    static <S, T> ListView<T> of(Page<S> page, Function<S, T> view, Function<S, String> id) {
        List<S> items = page.items();
        return new ListView<>(
                "list",
                items.stream().map(view).toList(),
                items.stream().findFirst().map(id),
                items.isEmpty() ? Optional.empty() : Optional.of(id.apply(items.getLast())),
                page.more());
    }

    static <T> ListView<T> of(List<T> items, Function<T, String> id) {
        return of(new Page<>(items, false), Function.identity(), id);
    }
}
