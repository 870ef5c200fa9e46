package io.github.lift4j.segment;

import java.util.Objects;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * The segments of one input, computed when asked for: nothing is stored but three numbers, whatever the input's length.
 *
 * <p>Segment {@code k} is {@code [k·s, k·s + ℓ)}. Where this grid does not end at {@code L}, the last segment is moved
 * back to {@code [L - ℓ, L)}, so that it is as long as the others, a batch needs no padding, and the last tokens are
 * predicted from as much text as the rest. (The paper lets the last one be shorter; the number of segments is the
 * same.) An input shorter than ℓ is one segment, an empty one has none.
 *
 * @param segmentation how the input is cut
 * @param tokens L, at least 0
 */
public record Segments(Segmentation segmentation, long tokens) {

    public Segments {
        Objects.requireNonNull(segmentation);
        if (tokens < 0) {
            throw new IllegalArgumentException("an input has no negative number of tokens: " + tokens);
        }
        if (count(segmentation, tokens) > Integer.MAX_VALUE) {
            throw new IllegalArgumentException(tokens + " tokens make more than " + Integer.MAX_VALUE
                    + " segments at a stride of " + segmentation.stride());
        }
    }

    /** K, the number of segments. */
    public int count() {
        return (int) count(segmentation, tokens);
    }

    /** Index of the first token of segment {@code k}, counted from 0. */
    public long start(int k) {
        Objects.checkIndex(k, count());
        long lastStart = Math.max(0, tokens - segmentation.length());
        return Math.min((long) k * segmentation.stride(), lastStart);
    }

    /** Index after the last token of segment {@code k}. */
    public long end(int k) {
        return start(k) + length(k);
    }

    /** Tokens in segment {@code k}: ℓ, or L where the input is shorter. */
    public int length(int k) {
        Objects.checkIndex(k, count());
        return (int) Math.min(segmentation.length(), tokens);
    }

    /** Segment {@code k} as a range of tokens, {@code 0 <= k < count()}. */
    public Segment get(int k) {
        return new Segment(start(k), length(k));
    }

    /** All segments in the order of the input. */
    public Stream<Segment> stream() {
        return IntStream.range(0, count()).mapToObj(this::get);
    }

    /** Tokens in all segments together: what one epoch reads, about {@code L·ℓ/s}. */
    public long tokensPerEpoch() {
        return count() * Math.min(segmentation.length(), tokens);
    }

    private static long count(Segmentation segmentation, long tokens) {
        long beyondFirst = tokens - segmentation.length();
        if (beyondFirst <= 0) {
            return Math.min(tokens, 1);
        }
        return 2 + (beyondFirst - 1) / segmentation.stride();
    }
}
