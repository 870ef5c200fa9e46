package io.github.lift4j.engine.generation;

import io.github.lift4j.engine.runtime.ComputeDevice;
import io.github.lift4j.engine.runtime.CudaGraph;
import io.github.lift4j.engine.runtime.NativeScope;
import io.github.lift4j.engine.transformer.Adaptation;
import io.github.lift4j.engine.transformer.KeyValueCache;
import io.github.lift4j.engine.transformer.Transformer;
import org.bytedeco.pytorch.Tensor;

/** Ways to read one more token of each text of a cache, after which the next is chosen. No gradient is kept. */
sealed interface NextTokens extends AutoCloseable permits NextTokens.Named, RecordedNextTokens {

    /** The way that suits the device. */
    static NextTokens of(Transformer model, Adaptation adaptation, KeyValueCache cache) {
        Named named = new Named(model, adaptation, cache);
        return model.device() instanceof ComputeDevice.Cuda gpu && CudaGraph.available()
                ? new RecordedNextTokens(named, work -> RecordedNextTokens.record(gpu, work))
                : named;
    }

    /**
     * Reads the tokens, one a text.
     *
     * @return logits behind them, {@code [ids.length, vocabulary]}, float32, in the caller's scope or to be closed by the
     *     caller; they hold until the next call
     */
    Tensor logits(int... ids);

    @Override
    void close();

    /** Each operation is named to the device when its turn comes. */
    record Named(Transformer model, Adaptation adaptation, KeyValueCache cache) implements NextTokens {

        /** How often what a token's pass reads has moved to other memory. */
        long moves() {
            return cache.moves() + adaptation.moves();
        }

        @Override
        public Tensor logits(int... ids) {
            return NativeScope.keeping(() -> model.nextLogits(
                    model.hidden(model.ids(ids, 1), cache, adaptation).select(1, 0), adaptation));
        }

        @Override
        public void close() {
            // Nothing is kept between tokens.
        }
    }
}
