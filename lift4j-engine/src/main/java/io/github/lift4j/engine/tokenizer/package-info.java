/**
 * How does text become ids? A {@link io.github.lift4j.engine.tokenizer.Tokenizer} is read from a model's own files: a
 * Hugging Face folder or the metadata of a GGUF file. It turns text into ids and back, {@link
 * io.github.lift4j.engine.tokenizer.TokenStream} does so for documents of any length, {@link
 * io.github.lift4j.engine.tokenizer.StreamingDecoder} turns generated ids into text as they come, and {@link
 * io.github.lift4j.engine.tokenizer.ChatTemplate} writes a conversation the way the model was taught to read one.
 */
@NullMarked
package io.github.lift4j.engine.tokenizer;

import org.jspecify.annotations.NullMarked;
