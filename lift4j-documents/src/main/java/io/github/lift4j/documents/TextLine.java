package io.github.lift4j.documents;

/**
 * A line of text as it stands on a page. Lengths are points (1/72 inch); {@code y} grows downwards.
 *
 * @param text its words, single spaces between them, bars between what stands far apart
 * @param left where it begins
 * @param right where it ends
 * @param baseline how far down the page it stands
 * @param size of its letters
 * @param firstWord width of its first word
 * @param tabular whether it has gaps as between the columns of a table
 */
record TextLine(
        String text, double left, double right, double baseline, double size, double firstWord, boolean tabular) {

    /** Whether it shares more than half of the narrower one's width with another: both stand in one column. */
    boolean inColumnOf(TextLine other) {
        double shared = Math.min(right, other.right) - Math.max(left, other.left);
        return shared > 0.5 * Math.min(right - left, other.right - other.left);
    }
}
