package io.github.lift4j.engine.training;

import io.github.lift4j.engine.runtime.ComputeDevice;
import io.github.lift4j.engine.runtime.CudaGraph;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.stream.Stream;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Tensor;

/**
 * Passes of shapes that come again, recorded and then launched as a whole. A pass of a small batch is some thousand kernels
 * of a few microseconds each, which a GPU is through with before it is told the next. Batches of one recipe have few
 * shapes, fewer still as lengths are rounded up. What is recorded reads and writes always the same memory: a batch is
 * copied there first.
 */
final class RecordedPasses implements GradientPasses {

    /** To this lengths are rounded up. */
    private static final int GRANULE = 64;

    /** Activations a layer, tokens times width: a larger batch's kernels are long enough. */
    private static final long SMALL = 1L << 23;

    /** Recordings that are kept; each holds the device's copy of its launches, some megabytes. */
    private static final int MOST = 16;

    /** A shape that came so often will come again. */
    private static final int OFTEN = 3;

    /**
     * What makes two passes the same work.
     *
     * @param targets of each chunk
     */
    private record Shape(long batch, long time, List<Long> targets, long width) {

        static Shape of(Tensor ids, List<TargetLoss.Chunk> targets) {
            return new Shape(
                    ids.size(0),
                    ids.size(1),
                    targets.stream().map(chunk -> chunk.rows().size(0)).toList(),
                    targets.isEmpty() ? 0 : targets.getFirst().targets().ids().size(1));
        }
    }

    /** A recorded pass with the memory that it reads and writes. */
    private record Recorded(CudaGraph graph, List<Tensor> inputs, Tensor loss) {

        void close() {
            graph.close();
            inputs.forEach(Tensor::close);
            loss.close();
        }
    }

    private final ComputeDevice.Cuda gpu;
    private final Named named;
    private final Map<Shape, Integer> seen = new LinkedHashMap<>();
    /** The one used last is the last. */
    private final SequencedMap<Shape, Recorded> recorded = new LinkedHashMap<>(MOST, 0.75f, true);

    RecordedPasses(ComputeDevice.Cuda gpu, Named named) {
        this.gpu = gpu;
        this.named = named;
    }

    @Override
    public Tensor run(Tensor ids, List<TargetLoss.Chunk> targets) {
        Shape shape = Shape.of(ids, targets);
        Recorded known = recorded.get(shape);
        if (known == null && (!small(ids) || seen.merge(shape, 1, Integer::sum) < OFTEN)) {
            return named.run(ids, targets);
        }
        Recorded pass = known == null ? record(shape, ids, targets) : known;
        List<Tensor> given = inputs(ids, targets);
        for (int i = 0; i < given.size(); i++) {
            pass.inputs.get(i).copy_(given.get(i));
        }
        pass.graph.launch();
        return pass.loss;
    }

    private boolean small(Tensor ids) {
        return ids.numel() * named.model().config().hidden() <= SMALL;
    }

    private Recorded record(Shape shape, Tensor ids, List<TargetLoss.Chunk> targets) {
        if (recorded.size() == MOST) {
            recorded.pollFirstEntry().getValue().close();
        }
        try (PointerScope scope = new PointerScope()) {
            Tensor ownIds = ids.clone().retainReference();
            List<TargetLoss.Chunk> own =
                    targets.stream().map(TargetLoss.Chunk::copy).toList();
            own.forEach(chunk -> chunk.all().forEach(Tensor::retainReference));
            List<Tensor> loss = new ArrayList<>();
            CudaGraph graph = CudaGraph.record(
                    gpu,
                    Optional.ofNullable(recorded.firstEntry()).map(entry -> entry.getValue().graph),
                    () -> loss.add(named.run(ownIds, own).retainReference()));
            Recorded pass = new Recorded(graph, inputs(ownIds, own), loss.getFirst());
            recorded.put(shape, pass);
            return pass;
        }
    }

    private static List<Tensor> inputs(Tensor ids, List<TargetLoss.Chunk> targets) {
        return Stream.concat(Stream.of(ids), targets.stream().flatMap(chunk -> chunk.all().stream()))
                .toList();
    }

    @Override
    public int granule() {
        return GRANULE;
    }

    @Override
    public void close() {
        recorded.values().forEach(Recorded::close);
        recorded.clear();
    }
}
