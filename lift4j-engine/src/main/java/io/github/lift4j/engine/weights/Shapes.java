package io.github.lift4j.engine.weights;

/** Arithmetic on shapes that come from a file. */
final class Shapes {

    /** No model has more dimensions than this; libtorch slows down beyond 64. */
    private static final int MAX_DIMENSIONS = 16;

    private Shapes() {}

    /**
     * How many elements a tensor of this shape has; 1 for a scalar.
     *
     * @throws ArithmeticException where the dimensions (a zero counted as one, as their strides are computed from them)
     *     multiply to more than a long holds, or are implausibly many
     */
    static long elements(long[] shape) {
        if (shape.length > MAX_DIMENSIONS) {
            throw new ArithmeticException(shape.length + " dimensions");
        }
        long strides = 1;
        long elements = 1;
        for (long dimension : shape) {
            strides = Math.multiplyExact(strides, Math.max(dimension, 1));
            elements = elements * dimension;
        }
        return elements;
    }
}
