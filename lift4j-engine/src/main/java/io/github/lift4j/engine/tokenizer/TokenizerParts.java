package io.github.lift4j.engine.tokenizer;

import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * All that a {@link Tokenizer} is made of, wherever it was read from.
 *
 * @param json what a {@code tokenizer.json} holds
 * @param specialTokens texts by role: {@code bos_token}, {@code eos_token}, ...
 * @param stopIds the ids that end a text, as far as the files name them by id
 * @param chatTemplate the Jinja source, if there is one
 * @param addsBos whether plain text begins with the begin-of-text token, if the files say so outright
 */
record TokenizerParts(
        String json,
        Map<String, String> specialTokens,
        Set<Integer> stopIds,
        Optional<String> chatTemplate,
        Optional<Boolean> addsBos) {}
