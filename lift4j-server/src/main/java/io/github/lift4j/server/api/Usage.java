package io.github.lift4j.server.api;

import io.github.lift4j.server.answer.Heard;

/** What an answer took, as the API gives it. */
record Usage(int promptTokens, int completionTokens, int totalTokens) {

    static Usage of(Heard.End end) {
        return new Usage(end.promptTokens(), end.tokens(), end.promptTokens() + end.tokens());
    }

    static String finishReason(Heard.End end) {
        return end.cut() ? "length" : "stop";
    }
}
