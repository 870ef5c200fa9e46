package io.github.lift4j.engine.adapter;

import io.github.lift4j.engine.LiftException;
import io.github.lift4j.engine.transformer.Adaptation;
import io.github.lift4j.engine.transformer.Linear;
import io.github.lift4j.engine.transformer.Parameter;
import io.github.lift4j.engine.transformer.Transformer;
import java.util.List;
import java.util.Optional;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/**
 * A low-rank adapter that is used beside others of its base: see {@link AdapterPool}. A small one is multiplied out, too, for
 * when it is used alone. Owns native memory: close it, which takes it out of its pool.
 */
public final class PooledAdapter implements Attachment {

    private final LoraSettings settings;
    private final Optional<MergedWeights> merged;
    /** Until the pool has it. */
    private Optional<LoraAdapter> source;

    private Optional<AdapterPool> pool = Optional.empty();
    private AdapterPool.Ranks ranks = AdapterPool.Ranks.NONE;

    private PooledAdapter(LoraAdapter source, Optional<MergedWeights> merged) {
        this.settings = source.settings();
        this.source = Optional.of(source);
        this.merged = merged;
    }

    /**
     * Makes an adapter ready for a pool, to which it is then added; others may use the pool meanwhile.
     *
     * @param source is closed as soon as the pool has it, or where it is refused
     * @throws LiftException where some of its numbers are none: in one batch they would become everybody's
     */
    public static PooledAdapter of(LoraAdapter source, Transformer model) {
        try {
            requireNumbers(source.parameters().values());
            return new PooledAdapter(
                    source,
                    MergedWeights.fits(source, model)
                            ? Optional.of(MergedWeights.of(source, model))
                            : Optional.empty());
        } catch (RuntimeException e) {
            source.close();
            throw e;
        }
    }

    private static void requireNumbers(Tensor values) {
        try (PointerScope scope = new PointerScope()) {
            if (!torch.isfinite(values).all().item_bool()) {
                throw new LiftException("What was learned is no numbers in places, so it cannot answer: absorb the"
                        + " document anew by a recipe with a lower learning rate.");
            }
        }
    }

    LoraSettings settings() {
        return settings;
    }

    LoraAdapter source() {
        return source.orElseThrow();
    }

    AdapterPool.Ranks ranks() {
        return ranks;
    }

    /** Says where a pool has it. */
    void lies(AdapterPool where, AdapterPool.Ranks at) {
        pool = Optional.of(where);
        ranks = at;
        source.ifPresent(LoraAdapter::close);
        source = Optional.empty();
    }

    /** What is used where all rows are its own. */
    Adaptation alone() {
        return merged.isPresent() ? merged.get() : new PooledProduct(pool.orElseThrow(), ranks, Optional.empty());
    }

    @Override
    public long moves() {
        return pool.map(AdapterPool::moves).orElse(0L);
    }

    @Override
    public Optional<Tensor> trained(Parameter parameter) {
        return alone().trained(parameter);
    }

    @Override
    public Tensor project(Linear layer, Tensor input) {
        return alone().project(layer, input);
    }

    @Override
    public List<Tensor> project(List<Linear> layers, Tensor input) {
        return alone().project(layers, input);
    }

    @Override
    public void close() {
        pool.ifPresent(p -> p.remove(this));
        merged.ifPresent(MergedWeights::close);
        source.ifPresent(LoraAdapter::close);
    }
}
