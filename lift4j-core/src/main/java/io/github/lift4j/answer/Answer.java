package io.github.lift4j.answer;

import java.util.List;

/**
 * An answer and what it took.
 *
 * @param promptTokens tokens in the window before the answer
 * @param answerTokens tokens written
 * @param secondsToFirstToken from the question to the first token, reading the document included where that was due
 * @param evidence passages that stood in the window beside the question, the best first; empty where the mode has none
 */
public record Answer(
        String answer,
        Mode mode,
        int promptTokens,
        int answerTokens,
        double secondsToFirstToken,
        List<String> evidence) {}
