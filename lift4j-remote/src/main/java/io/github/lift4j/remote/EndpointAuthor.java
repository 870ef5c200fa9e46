package io.github.lift4j.remote;

import io.github.lift4j.task.Author;
import io.github.lift4j.task.Effort;
import java.util.List;

/**
 * An author as a recipe names it, whose effort can be told beforehand.
 *
 * @param chat closed with this
 * @param tariff what is asked for its answers
 * @param atOnce requests under way at once
 */
record EndpointAuthor(ChatAuthor chat, Tariff tariff, int atOnce) implements Author {

    @Override
    public List<String> write(List<Prompt> prompts) {
        return chat.write(prompts);
    }

    /** Answers that are kept take none. */
    @Override
    public Effort effort(List<Prompt> prompts) {
        List<Prompt> sent = chat.unanswered(prompts);
        CostEstimate cost = CostEstimate.ofPrompts(sent, TokenCounter.ENGLISH, tariff, atOnce);
        return new Effort(sent.size(), cost.inputTokens(), cost.outputTokens(), cost.price(), cost.seconds());
    }

    @Override
    public void close() {
        chat.close();
    }
}
