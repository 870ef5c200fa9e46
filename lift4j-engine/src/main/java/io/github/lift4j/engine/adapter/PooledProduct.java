package io.github.lift4j.engine.adapter;

import io.github.lift4j.engine.runtime.Adjacent;
import io.github.lift4j.engine.transformer.Adaptation;
import io.github.lift4j.engine.transformer.Linear;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/**
 * The base's product and that of some of a pool's ranks, {@code y = W x + B (m * A x)}, of which the mask {@code m} leaves each
 * row what is its own.
 *
 * @param mask {@code [room, ranks]}, ones and zeros, for at least as many rows as a pass has; empty where all is everybody's
 */
record PooledProduct(AdapterPool pool, AdapterPool.Ranks ranks, Optional<Tensor> mask) implements Adaptation {

    @Override
    public Tensor project(Linear layer, Tensor input) {
        return project(List.of(layer), input).getFirst();
    }

    @Override
    public List<Tensor> project(List<Linear> layers, Tensor input) {
        Tensor x = input.reshape(-1, input.size(-1));
        List<Tensor> outputs = NONE.project(layers, x);
        List<Linear> adapted = layers.stream().filter(pool.layers()::has).toList();
        List<Tensor> low = adapted.isEmpty() ? List.of() : low(adapted, x);
        for (int i = 0; i < adapted.size(); i++) {
            Tensor own = masked(low.get(i), input.size(0));
            outputs.get(layers.indexOf(adapted.get(i)))
                    .addmm_(own, pool.layers().up(adapted.get(i), ranks));
        }
        return outputs.stream()
                .map(output -> output.view(input.size(0), input.size(1), -1))
                .toList();
    }

    /** {@code A x} for each of the layers, {@code [n, ranks]}; where all ranks are used, their A are one matrix. */
    private List<Tensor> low(List<Linear> layers, Tensor x) {
        List<Tensor> downs =
                layers.stream().map(layer -> pool.layers().down(layer, ranks)).toList();
        Optional<Tensor> all = Adjacent.rows(downs);
        if (all.isEmpty()) {
            return downs.stream().map(down -> torch.mm(x, down.t())).toList();
        }
        Tensor product = torch.mm(x, all.get().t());
        List<Tensor> parts = new ArrayList<>();
        for (int i = 0; i < layers.size(); i++) {
            parts.add(product.narrow(1, (long) i * ranks.count(), ranks.count()));
        }
        return parts;
    }

    private Tensor masked(Tensor low, long rows) {
        mask.ifPresent(own ->
                low.view(rows, -1, ranks.count()).mul_(own.narrow(0, 0, rows).unsqueeze(1)));
        return low;
    }
}
