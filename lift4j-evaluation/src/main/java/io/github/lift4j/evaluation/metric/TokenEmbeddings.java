package io.github.lift4j.evaluation.metric;

import java.util.List;

/** A model that says what each token of a text means where it stands; what {@link BertScore} compares texts by. */
@FunctionalInterface
public interface TokenEmbeddings {

    /**
     * Embeds a text.
     *
     * @return a vector for each of its tokens, in their order, all of one length; those that only frame the text are left
     *     out
     */
    List<float[]> of(String text);
}
