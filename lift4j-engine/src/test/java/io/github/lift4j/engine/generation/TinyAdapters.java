package io.github.lift4j.engine.generation;

import io.github.lift4j.engine.adapter.AdapterPool;
import io.github.lift4j.engine.adapter.LoraAdapter;
import io.github.lift4j.engine.adapter.LoraSettings;
import io.github.lift4j.engine.adapter.PooledAdapter;
import io.github.lift4j.engine.transformer.Transformer;
import java.util.SplittableRandom;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.AutoGradMode;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/** Adapters of random numbers, large enough to change what a tiny model says. */
final class TinyAdapters {

    private TinyAdapters() {}

    static PooledAdapter pooled(AdapterPool pool, Transformer model, LoraSettings settings, int seed) {
        SplittableRandom random = new SplittableRandom(seed);
        float[] values = new float[4096];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) random.nextGaussian(0, 0.2);
        }
        PooledAdapter adapter = PooledAdapter.of(of(model, settings, values), model);
        pool.add(adapter);
        return adapter;
    }

    /** One whose numbers are these, over and over. */
    static LoraAdapter of(Transformer model, LoraSettings settings, float[] values) {
        LoraAdapter adapter = LoraAdapter.create(model, settings, new SplittableRandom(1));
        try (PointerScope scope = new PointerScope();
                AutoGradMode off = new AutoGradMode(false)) {
            Tensor all = adapter.parameters().values();
            Tensor piece = torch.from_blob(new FloatPointer(values), values.length);
            all.copy_(piece.repeat(all.numel() / values.length + 1).narrow(0, 0, all.numel()));
        }
        return adapter;
    }

    static int[] ids(int count, int seed) {
        return new SplittableRandom(seed).ints(count, 0, 128).toArray();
    }
}
