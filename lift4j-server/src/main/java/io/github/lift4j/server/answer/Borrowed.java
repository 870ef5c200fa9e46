package io.github.lift4j.server.answer;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** Which memories are needed, for answers that are waited for or copies, and what is to be done with one as soon as it is not. */
final class Borrowed {

    private final Map<Path, Integer> borrowers = new HashMap<>();
    private final Map<Path, Runnable> afterwards = new HashMap<>();

    /** Somebody needs a memory. */
    synchronized void borrow(Path memory) {
        borrowers.merge(memory, 1, Integer::sum);
    }

    /** They need it no longer. @return what is to be done now */
    synchronized Optional<Runnable> giveBack(Path memory) {
        int left = borrowers.merge(memory, -1, Integer::sum);
        if (left > 0) {
            return Optional.empty();
        }
        borrowers.remove(memory);
        return Optional.ofNullable(afterwards.remove(memory));
    }

    /** Puts off what is to be done with a memory until nobody needs it. @return it, where nobody does now */
    synchronized Optional<Runnable> whenGivenBack(Path memory, Runnable work) {
        if (!borrowers.containsKey(memory)) {
            return Optional.of(work);
        }
        afterwards.put(memory, work);
        return Optional.empty();
    }
}
