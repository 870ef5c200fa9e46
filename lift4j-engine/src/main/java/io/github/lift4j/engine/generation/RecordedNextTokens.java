package io.github.lift4j.engine.generation;

import io.github.lift4j.engine.runtime.ComputeDevice;
import io.github.lift4j.engine.runtime.CudaGraph;
import io.github.lift4j.engine.runtime.Recording;
import io.github.lift4j.engine.transformer.KeyValueCache;
import io.github.lift4j.engine.transformer.Transformer;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.ScalarTypeOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptions;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;

/**
 * A token's pass, recorded and then launched as a whole: it is some thousand kernels of a few microseconds each, which a GPU
 * is through with before it is told the next. The recording attends to all the room that the cache has and masks what is not
 * filled, and it is made anew when memory that it reads has moved.
 */
final class RecordedNextTokens implements NextTokens {

    /** Short answers end before a recording would pay. */
    private static final int PATIENCE = 3;

    /** A recording of each GPU whose memory all others share: none needs it between two launches. */
    private static final Map<Integer, CudaGraph> SHARED = new ConcurrentHashMap<>();

    private final Named named;
    private final Function<Runnable, Recording> recorder;
    private Optional<Step> recorded = Optional.empty();
    private long moves;
    private int steps;

    /** @param recorder makes a recording of work */
    RecordedNextTokens(Named named, Function<Runnable, Recording> recorder) {
        this.named = named;
        this.recorder = recorder;
    }

    /** Records work that leaves nothing in memory of its own. */
    static Recording record(ComputeDevice.Cuda gpu, Runnable work) {
        return CudaGraph.record(gpu, Optional.of(SHARED.computeIfAbsent(gpu.index(), index -> shared(gpu))), work);
    }

    private static CudaGraph shared(ComputeDevice.Cuda gpu) {
        return CudaGraph.record(gpu, Optional.empty(), () -> {
            try (PointerScope scope = new PointerScope()) {
                torch.zeros(new long[] {1}, new TensorOptions(gpu.handle()));
            }
        });
    }

    @Override
    public Tensor logits(int... ids) {
        KeyValueCache cache = named.cache();
        steps++;
        boolean settled = named.moves() == moves && cache.length() < cache.columns();
        moves = named.moves();
        if (!settled || steps < PATIENCE) {
            return named.logits(ids);
        }
        Step step = recorded.filter(known -> known.moves == moves).orElseGet(this::record);
        Tensor logits = step.launch(ids, cache);
        cache.advance(1);
        return logits;
    }

    private Step record() {
        recorded.ifPresent(Step::close);
        recorded = Optional.empty();
        Step step = new Step(named, recorder);
        recorded = Optional.of(step);
        return step;
    }

    @Override
    public void close() {
        recorded.ifPresent(Step::close);
        recorded = Optional.empty();
    }

    /** A recorded pass with the memory that it reads and writes. */
    private static final class Step {

        private final Transformer model;
        private final Tensor ids;
        private final KeyValueCache.Place place;
        private final Tensor logits;
        private final Recording recording;
        private final long moves;
        private int[] padding = {};

        Step(Named named, Function<Runnable, Recording> recorder) {
            this.model = named.model();
            KeyValueCache cache = named.cache();
            this.moves = named.moves();
            int rows = Math.toIntExact(cache.rows());
            try (PointerScope scope = new PointerScope()) {
                this.ids = model.ids(new int[rows], 1).retainReference();
                this.place = new KeyValueCache.Place(
                        model.ids(new int[1], 1).view(-1).retainReference(),
                        model.ids(new int[rows], 1).view(-1).retainReference());
                long[] shape = {rows, model.config().vocabulary()};
                this.logits = torch.zeros(shape, ids.options().dtype(new ScalarTypeOptional(ScalarType.Float)))
                        .retainReference();
                this.recording = recorder.apply(() -> {
                    try (PointerScope pass = new PointerScope()) {
                        Tensor hidden = model.hidden(ids, cache, place, named.adaptation());
                        logits.copy_(model.nextLogits(hidden.select(1, 0), named.adaptation()));
                    }
                });
            }
        }

        Tensor launch(int[] tokens, KeyValueCache cache) {
            try (PointerScope scope = new PointerScope()) {
                ids.narrow(0, 0, tokens.length).copy_(model.ids(tokens, 1));
                place.column().fill_(new Scalar(cache.length()));
                int[] none = cache.padding();
                if (!Arrays.equals(padding, none)) {
                    padding = none;
                    place.padding()
                            .narrow(0, 0, padding.length)
                            .copy_(model.ids(padding, 1).view(-1));
                }
            }
            recording.launch();
            return logits.narrow(0, 0, tokens.length);
        }

        void close() {
            recording.close();
            ids.close();
            place.column().close();
            place.padding().close();
            logits.close();
        }
    }
}
