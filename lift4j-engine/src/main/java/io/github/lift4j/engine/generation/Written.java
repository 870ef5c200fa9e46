package io.github.lift4j.engine.generation;

import java.util.Optional;

/**
 * What a model wrote.
 *
 * @param ids the tokens, without the stop id
 * @param stop the stop id that ended it; empty where the limit or the window did
 * @param choices the likeliest tokens at each position, that of the stop id included, where they were asked for
 */
public record Written(int[] ids, Optional<Integer> stop, Optional<TopChoices> choices) {}
