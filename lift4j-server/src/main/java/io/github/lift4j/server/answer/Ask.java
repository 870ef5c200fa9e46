package io.github.lift4j.server.answer;

import io.github.lift4j.engine.generation.Sampling;
import java.util.List;
import java.util.OptionalInt;

/**
 * A question to be answered.
 *
 * @param owner who asks: what is kept loaded for one is not used for another, who could tell by the time it takes
 * @param prompt what is put to the voice
 * @param most tokens to write, at least 1
 * @param stops texts in front of which the answer ends, none of them empty
 * @param likeliest how many of the likeliest tokens are told of each position beside the one that was chosen; where it is
 *     empty, nothing is told of what was likely
 */
public record Ask<P>(
        String owner,
        Voice<P> voice,
        P prompt,
        Sampling sampling,
        int most,
        List<String> stops,
        OptionalInt likeliest) {

    public Ask {
        stops = List.copyOf(stops);
    }
}
