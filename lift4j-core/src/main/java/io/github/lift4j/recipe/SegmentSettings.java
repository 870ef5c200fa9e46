package io.github.lift4j.recipe;

import static io.github.lift4j.recipe.Recipe.check;

import io.github.lift4j.segment.Segmentation;

/**
 * How the document is cut (section 3.1).
 *
 * @param length tokens of a segment, at least 2 (l in the paper)
 * @param stride tokens from one segment's start to the next one's, from 1 to {@code length} (s in the paper: 3/8 l)
 * @param epochs how often every segment is trained, at least 1
 */
public record SegmentSettings(int length, int stride, int epochs) {

    public SegmentSettings {
        check(length >= 2, "segments.length", length, "at least 2 tokens");
        check(stride >= 1 && stride <= length, "segments.stride", stride, "from 1 to the segment's length");
        check(epochs >= 1, "segments.epochs", epochs, "at least 1");
    }

    /** The cut of a document. */
    public Segmentation segmentation() {
        return new Segmentation(length, stride);
    }
}
