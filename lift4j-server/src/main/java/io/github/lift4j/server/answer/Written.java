package io.github.lift4j.server.answer;

import java.util.List;

/**
 * What an answer took.
 *
 * @param promptTokens tokens in the window before it
 * @param tokens tokens written
 * @param evidence passages that stood in the window beside the question
 */
public record Written(int promptTokens, int tokens, List<String> evidence) {}
