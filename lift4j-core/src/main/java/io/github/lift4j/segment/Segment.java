package io.github.lift4j.segment;

/**
 * A range of an input's tokens.
 *
 * @param start index of its first token, counted from 0
 * @param length how many tokens it has
 */
public record Segment(long start, int length) {

    /** Index after its last token. */
    public long end() {
        return start + length;
    }
}
