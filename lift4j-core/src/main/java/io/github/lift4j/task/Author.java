package io.github.lift4j.task;

import io.github.lift4j.engine.tokenizer.Message;
import java.util.List;

/**
 * A language model that writes: the base model at hand, or one behind an endpoint. Belongs to its caller, who closes it.
 */
public interface Author extends AutoCloseable {

    /**
     * What is to be written.
     *
     * @param messages the conversation so far, at least one turn
     * @param temperature 0 for the likeliest words
     * @param mostTokens longest answer in tokens
     * @param seed fixes a sampled answer, as far as the model behind it honours one
     */
    record Prompt(List<Message> messages, double temperature, int mostTokens, long seed) {

        public Prompt {
            messages = List.copyOf(messages);
        }
    }

    /**
     * Answers all prompts, in their order. Where the limit cuts a text off, it ends before the line that was cut.
     *
     * @return one text a prompt
     * @throws io.github.lift4j.engine.LiftException where the model cannot be had or refuses
     */
    List<String> write(List<Prompt> prompts);

    /** What answering would take at most. */
    default Effort effort(List<Prompt> prompts) {
        return Effort.ofRequests(prompts.size());
    }

    /** A text that was cut off, without its last line. */
    static String wholeLines(String text) {
        return text.substring(0, Math.max(0, text.lastIndexOf('\n'))).strip();
    }

    @Override
    void close();
}
