package io.github.lift4j.evaluation.metric;

/**
 * How two things overlap, each from 0 to 1.
 *
 * @param precision share of what was given that is right
 * @param recall share of what is right that was given
 * @param f1 their harmonic mean, as the metric's official script computes it
 */
public record Agreement(double precision, double recall, double f1) {

    static final Agreement NONE = new Agreement(0, 0, 0);

    /** By the package {@code rouge}, whose small constant keeps its F1 of equal texts just below 1. */
    static Agreement byRouge(int shared, int given, int right) {
        double precision = given == 0 ? 0 : (double) shared / given;
        double recall = right == 0 ? 0 : (double) shared / right;
        return new Agreement(precision, recall, 2 * (precision * recall / (precision + recall + 1e-8)));
    }

    /** As defined; 0 where nothing is shared. */
    static Agreement exact(int shared, int given, int right) {
        if (shared == 0) {
            return NONE;
        }
        double precision = (double) shared / given;
        double recall = (double) shared / right;
        return new Agreement(precision, recall, 2 * precision * recall / (precision + recall));
    }
}
