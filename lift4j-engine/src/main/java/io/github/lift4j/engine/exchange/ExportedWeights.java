package io.github.lift4j.engine.exchange;

import io.github.lift4j.engine.Progress;
import io.github.lift4j.engine.model.StoredModel;
import io.github.lift4j.engine.transformer.WeightSource;
import io.github.lift4j.engine.weights.GgufNames;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch.ScalarType;

/**
 * The weights that a model needs, read one after another while they are written.
 *
 * @param names Hugging Face's, without what a file holds beside them (buffers, a head that is the embedding)
 */
record ExportedWeights(List<String> names, WeightSource weights, Progress progress, AtomicInteger done) {

    static ExportedWeights of(StoredModel base, WeightSource weights, Progress progress) {
        boolean tied = base.config().path("tie_word_embeddings").asBoolean();
        List<String> names = base.names().stream()
                .filter(name -> GgufNames.ofHuggingFace(name).isPresent())
                .filter(name -> !tied || !name.startsWith("lm_head."))
                .toList();
        return new ExportedWeights(names, weights, progress, new AtomicInteger());
    }

    Tensor read(String name, ScalarType type) {
        progress.advance("Writing weights", done.incrementAndGet(), names.size(), "");
        return weights.read(name, type);
    }
}
