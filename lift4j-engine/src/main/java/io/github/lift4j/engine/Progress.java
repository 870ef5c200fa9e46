package io.github.lift4j.engine;

/**
 * Listens to work that takes a while. Called on the working thread, so it should return quickly.
 *
 * <p>Progress is passed in by whoever starts the work, never global. To stop work, interrupt its thread.
 */
@FunctionalInterface
public interface Progress {

    /** Hears nothing. */
    Progress SILENT = (activity, done, total, detail) -> {};

    /**
     * Reports one advance.
     *
     * @param activity what is being done, in a few words ("Downloading model.safetensors", "Absorbing")
     * @param done units done so far, {@code 0 <= done}
     * @param total units in all, or -1 where it is not known
     * @param detail what a person would like to see beside the bar ("loss 2.31, 412 tokens/s"), possibly empty
     */
    void advance(String activity, long done, long total, String detail);

    /**
     * Says something once that a person should know before the work goes on, such as how much of it there is.
     *
     * @param sentence a whole one
     */
    default void note(String sentence) {}

    /**
     * Reports what was measured in the unit that the next {@link #advance} is about, for those who draw curves.
     *
     * @param quantity its name: {@code loss} and {@code task_loss} in nats a token, {@code tokens_per_second}
     */
    default void measure(String quantity, double value) {}
}
