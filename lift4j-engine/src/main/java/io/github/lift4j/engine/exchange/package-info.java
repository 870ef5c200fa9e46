/**
 * What do other programs load, and what is taken of theirs? Writes a model on disk, with what was trained on top of it, as
 * a Hugging Face folder or as llama.cpp's GGUF, one weight at a time, and takes in adapters that PEFT made.
 */
@NullMarked
package io.github.lift4j.engine.exchange;

import org.jspecify.annotations.NullMarked;
