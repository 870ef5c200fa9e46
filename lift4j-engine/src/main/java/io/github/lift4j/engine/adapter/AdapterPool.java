package io.github.lift4j.engine.adapter;

import io.github.lift4j.engine.transformer.Linear;
import io.github.lift4j.engine.transformer.RowAdaptation;
import io.github.lift4j.engine.transformer.Transformer;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import org.bytedeco.pytorch.AutoGradMode;

/**
 * Low-rank adapters of one base side by side: the A of all lie one below the other, and so do their B, as if they were one
 * adapter whose rank is the sum of theirs. Of its product each row of a batch keeps what is its own. So a step reads the base's
 * weights once whoever is asked, and takes a few more operations a layer however many adapters there are. (Sheng et al. 2023,
 * "S-LoRA", and Chen et al. 2023, "Punica", have kernels that gather each row's.)
 *
 * <p>Belongs to one thread at a time and owns native memory: close it before the model, and its members before it.
 */
public final class AdapterPool implements AutoCloseable {

    /** Some of a pool's ranks that lie one behind the other. */
    record Ranks(int from, int count) {

        static final Ranks NONE = new Ranks(0, 0);

        int to() {
            return from + count;
        }

        /** The fewest that hold those of all members. */
        static Ranks around(List<PooledAdapter> members) {
            int from = members.stream().mapToInt(m -> m.ranks().from).min().orElse(0);
            int to = members.stream().mapToInt(m -> m.ranks().to()).max().orElse(0);
            return new Ranks(from, to - from);
        }
    }

    private final Transformer model;
    private final List<PooledAdapter> members = new ArrayList<>();
    private PooledLayers layers;
    private long moves;

    /** An empty one. */
    public AdapterPool(Transformer model) {
        this.model = model;
        this.layers = new PooledLayers(model, 0, layer -> false);
    }

    /** The adaptation of a batch whose rows are members', or the base's own ({@link RowAdaptation#NONE}). */
    public RowAdaptation rows() {
        return new PooledRows(this, model);
    }

    /** Takes an adapter in, where it is not in it yet. It leaves when it is closed. */
    public void add(PooledAdapter adapter) {
        if (members.contains(adapter)) {
            return;
        }
        try (AutoGradMode off = new AutoGradMode(false)) {
            Predicate<Linear> adapted =
                    layer -> layers.has(layer) || adapter.settings().adapts(layer.name());
            boolean all = model.linears().stream().filter(adapted).allMatch(layers::has);
            Optional<Ranks> gap = all ? gap(adapter.settings().rank()) : Optional.empty();
            Ranks ranks = gap.orElseGet(() -> makeRoom(adapter.settings().rank(), adapted));
            layers.write(adapter.source(), ranks);
            adapter.lies(this, ranks);
            members.add(adapter);
        }
    }

    void remove(PooledAdapter adapter) {
        members.remove(adapter);
    }

    PooledLayers layers() {
        return layers;
    }

    /** How often the members have moved to other memory. */
    long moves() {
        return moves;
    }

    private Optional<Ranks> gap(int wanted) {
        int from = 0;
        for (PooledAdapter member : inOrder()) {
            if (member.ranks().from - from >= wanted) {
                break;
            }
            from = member.ranks().to();
        }
        return layers.rank() - from >= wanted ? Optional.of(new Ranks(from, wanted)) : Optional.empty();
    }

    private List<PooledAdapter> inOrder() {
        return members.stream()
                .sorted(Comparator.comparingInt(member -> member.ranks().from))
                .toList();
    }

    /** Moves the members to larger memory, close together. @return the ranks behind them */
    private Ranks makeRoom(int wanted, Predicate<Linear> adapted) {
        int taken = members.stream().mapToInt(member -> member.ranks().count).sum();
        PooledLayers larger = new PooledLayers(model, taken + wanted, adapted);
        int to = 0;
        for (PooledAdapter member : inOrder()) {
            Ranks next = new Ranks(to, member.ranks().count);
            larger.copy(layers, member.ranks(), next);
            member.lies(this, next);
            to = next.to();
        }
        layers.close();
        layers = larger;
        moves++;
        return new Ranks(to, wanted);
    }

    @Override
    public void close() {
        layers.close();
    }
}
