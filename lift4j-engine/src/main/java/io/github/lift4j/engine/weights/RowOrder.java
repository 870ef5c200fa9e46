package io.github.lift4j.engine.weights;

/** In which order the rows of a stored tensor are wanted. */
@FunctionalInterface
interface RowOrder {

    RowOrder AS_STORED = row -> row;

    /** The stored row that is wanted as row {@code row}. */
    long source(long row);

    /**
     * llama.cpp rotates neighbouring pairs (0, 1), (2, 3), ... of a head; Hugging Face rotates element i with element
     * i + half. The converter to GGUF reorders the rows of Llama's query and key projections accordingly; this undoes
     * it.
     *
     * @param headDim rows per head, even
     */
    static RowOrder halvesFromPairs(long headDim) {
        long half = headDim / 2;
        return row -> {
            long head = row / headDim;
            long within = row % headDim;
            return head * headDim + within % half * 2 + within / half;
        };
    }
}
