package io.github.lift4j.engine.training;

import io.github.lift4j.engine.adapter.Adapter;
import io.github.lift4j.engine.runtime.ComputeDevice;
import io.github.lift4j.engine.runtime.CudaGraph;
import io.github.lift4j.engine.transformer.TrainingPass;
import io.github.lift4j.engine.transformer.Transformer;
import java.util.List;
import org.bytedeco.pytorch.Tensor;

/** Ways to send a batch forward and back, which adds to the adapter's gradients. */
sealed interface GradientPasses extends AutoCloseable permits GradientPasses.Named, RecordedPasses {

    /** The passes that suit the device. */
    static GradientPasses of(Transformer model, Adapter adapter, StepMemory memory) {
        Named named = new Named(model, adapter, memory.again());
        return model.device() instanceof ComputeDevice.Cuda gpu && CudaGraph.available()
                ? new RecordedPasses(gpu, named)
                : named;
    }

    /**
     * One pass, in the caller's scope.
     *
     * @param ids token ids, {@code [batch, time]}
     * @return the weighted sum of the targets' cross entropies, {@code [1]}, on the device; it holds until the next pass
     */
    Tensor run(Tensor ids, List<TargetLoss.Chunk> targets);

    /** Of what the length of a batch should be a multiple, and its number of targets. */
    int granule();

    @Override
    void close();

    /** Each operation is named to the device when its turn comes. */
    record Named(Transformer model, Adapter adapter, TrainingPass.Again again) implements GradientPasses {

        @Override
        public Tensor run(Tensor ids, List<TargetLoss.Chunk> targets) {
            try (TrainingPass pass = model.training(ids, adapter, again)) {
                Tensor loss = new TargetLoss(model, adapter).backward(pass.hidden(), targets);
                pass.backward();
                return loss;
            }
        }

        @Override
        public int granule() {
            return 1;
        }

        @Override
        public void close() {
            // Nothing is kept between passes.
        }
    }
}
