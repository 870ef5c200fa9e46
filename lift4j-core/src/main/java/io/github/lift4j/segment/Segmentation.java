package io.github.lift4j.segment;

/**
 * How an input is cut into segments: windows of {@code length} tokens whose starts are {@code stride} tokens apart.
 *
 * <p>Section 3.1 of the paper replaces language modelling of the whole input {@code x_1..x_L}, whose cost grows with
 * {@code L²} and which no short-window model can do, by language modelling of K windows
 *
 * <pre>
 *   L_input(x) = Σ_k L_LM(x[l_k .. r_k]),   l_1 = 1,  r_K = L,  r_i - l_i + 1 = ℓ,  l_{i+1} = l_i + s
 * </pre>
 *
 * <p>With {@code s = ℓ} the windows would only touch, and nothing would tell the model which follows which. With
 * {@code s < ℓ} each window begins with the last {@code ℓ - s} tokens of the one before, so a model that recites the
 * end of one can go on into the next. The paper takes {@code s = 3/8 ℓ}: a token lies in 8/3 windows on average, so the
 * cost stays linear in L.
 *
 * <p>The formula is a sum, so its size grows with the input. It is normalised where the loss is computed, not here:
 * L_input is the mean over all target tokens of the segments in a step (a token in the overlap counts once for each
 * segment it is in), and the loss of the auxiliary tasks is a mean likewise, so that the weight γ between the two means
 * the same for inputs of all lengths.
 *
 * @param length ℓ, in tokens, at least 1
 * @param stride s, in tokens, from 1 to {@code length}: a larger one would leave tokens out
 */
public record Segmentation(int length, int stride) {

    public Segmentation {
        if (length < 1) {
            throw new IllegalArgumentException("a segment has at least 1 token, not " + length);
        }
        if (stride < 1 || stride > length) {
            throw new IllegalArgumentException(
                    "the stride lies between 1 and the segment length " + length + ", not at " + stride);
        }
    }

    /**
     * Segments of {@code length} tokens with the paper's stride of 3/8 of that, rounded to a whole token, at least 1.
     */
    public static Segmentation ofLength(int length) {
        return new Segmentation(length, (int) Math.max(1, (3L * length + 4) / 8));
    }

    /** Tokens that two neighbours share, at least: {@code length - stride}. */
    public int overlap() {
        return length - stride;
    }

    /**
     * Cuts an input.
     *
     * @param tokens L, at least 0
     * @throws IllegalArgumentException where that makes more than {@link Integer#MAX_VALUE} segments
     */
    public Segments over(long tokens) {
        return new Segments(this, tokens);
    }
}
