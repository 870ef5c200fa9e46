/**
 * A memory in LangChain4j: {@link io.github.lift4j.langchain4j.LiftTalk} answers one caller at a time,
 * {@link io.github.lift4j.langchain4j.LiftChatModel} and {@link io.github.lift4j.langchain4j.LiftStreamingChatModel} put
 * it behind LangChain4j's interfaces, and {@link io.github.lift4j.langchain4j.LiftContentRetriever} hands out what a
 * memory recalls or what is found in its document.
 */
@NullMarked
package io.github.lift4j.langchain4j;

import org.jspecify.annotations.NullMarked;
