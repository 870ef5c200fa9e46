package io.github.lift4j.engine.tokenizer;

/**
 * A token that is looked for in the text before anything else.
 *
 * @param special whether it is a control token ({@code <|im_end|>}) that decoding can leave out
 */
record AddedToken(int id, String content, boolean special) {}
