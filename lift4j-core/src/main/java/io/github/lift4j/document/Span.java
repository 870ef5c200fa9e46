package io.github.lift4j.document;

/**
 * A stretch of a document's text.
 *
 * @param start index of its first character (UTF-16 unit), counted from 0
 * @param end index after its last character, not before {@code start}
 */
public record Span(long start, long end) {

    public Span {
        if (start < 0 || end < start) {
            throw new IllegalArgumentException("a span does not reach from " + start + " to " + end);
        }
    }

    /** How many characters it has. */
    public long length() {
        return end - start;
    }
}
