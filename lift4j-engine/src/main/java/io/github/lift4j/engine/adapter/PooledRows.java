package io.github.lift4j.engine.adapter;

import io.github.lift4j.engine.transformer.Adaptation;
import io.github.lift4j.engine.transformer.Linear;
import io.github.lift4j.engine.transformer.Parameter;
import io.github.lift4j.engine.transformer.RowAdaptation;
import io.github.lift4j.engine.transformer.Transformer;
import java.util.List;
import java.util.Optional;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.AutoGradMode;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/** The adaptation of rows each of which is a pool member's, or the base's own. */
final class PooledRows implements RowAdaptation {

    private final AdapterPool pool;
    private final Transformer model;
    private List<Adaptation> rows = List.of();
    private Adaptation current = NONE;
    private long poolMoves;
    private long moves;
    /** {@code [room, ranks]} */
    private Optional<Tensor> mask = Optional.empty();

    PooledRows(AdapterPool pool, Transformer model) {
        this.pool = pool;
        this.model = model;
    }

    @Override
    public void assign(List<Adaptation> wanted, long room) {
        boolean moved = pool.moves() != poolMoves;
        boolean narrow = mask.isPresent() && mask.get().size(0) < room;
        if (moved || narrow || !wanted.equals(rows)) {
            Adaptation next = of(wanted, room);
            if (moved || !next.equals(current)) {
                moves++;
            }
            current = next;
            rows = List.copyOf(wanted);
            poolMoves = pool.moves();
        }
    }

    private Adaptation of(List<Adaptation> wanted, long room) {
        List<PooledAdapter> members = wanted.stream()
                .filter(row -> row != NONE)
                .distinct()
                .map(PooledAdapter.class::cast)
                .toList();
        if (members.isEmpty()) {
            return NONE;
        }
        if (members.size() == 1 && !wanted.contains(NONE)) {
            return members.getFirst().alone();
        }
        AdapterPool.Ranks ranks = AdapterPool.Ranks.around(members);
        Tensor own = mask(room, ranks.count());
        try (PointerScope scope = new PointerScope();
                AutoGradMode off = new AutoGradMode(false)) {
            own.zero_();
            for (int i = 0; i < wanted.size(); i++) {
                if (wanted.get(i) instanceof PooledAdapter member) {
                    AdapterPool.Ranks its = member.ranks();
                    own.select(0, i)
                            .narrow(0, its.from() - ranks.from(), its.count())
                            .fill_(new Scalar(1));
                }
            }
        }
        return new PooledProduct(pool, ranks, Optional.of(own));
    }

    /** In the memory of the last one, where that is large enough. */
    private Tensor mask(long room, long ranks) {
        if (mask.isEmpty() || mask.get().size(0) < room || mask.get().size(1) != ranks) {
            close();
            mask = Optional.of(
                    torch.zeros(new long[] {room, ranks}, model.head().value().options())
                            .retainReference());
        }
        return mask.get();
    }

    @Override
    public long moves() {
        return moves;
    }

    @Override
    public Optional<Tensor> trained(Parameter parameter) {
        return current.trained(parameter);
    }

    @Override
    public Tensor project(Linear layer, Tensor input) {
        return current.project(layer, input);
    }

    @Override
    public List<Tensor> project(List<Linear> layers, Tensor input) {
        return current.project(layers, input);
    }

    @Override
    public void close() {
        mask.ifPresent(Tensor::close);
        mask = Optional.empty();
    }
}
