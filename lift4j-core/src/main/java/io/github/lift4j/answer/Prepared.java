package io.github.lift4j.answer;

import java.util.List;

/**
 * What a conversation puts into the window.
 *
 * @param ids what stands behind that which all conversations share, at least one token
 * @param promptTokens tokens in the window before the answer, the shared ones included
 * @param evidence passages that stand there beside the question, the best first; empty where the mode has none
 */
public record Prepared(int[] ids, int promptTokens, List<String> evidence) {}
