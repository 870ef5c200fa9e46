package io.github.lift4j.engine.transformer;

import io.github.lift4j.engine.runtime.ComputeDevice;
import io.github.lift4j.engine.runtime.ComputeType;
import io.github.lift4j.engine.runtime.CudaGraph;

/**
 * What makes a GPU faster here than libtorch's operations alone, each of which the machine may lack.
 *
 * @param graphs short passes are recorded and launched as a whole
 * @param kernels gates, turns, norms and the loss are kernels of our own
 * @param cudnn training attends by cuDNN
 */
public record Acceleration(boolean graphs, boolean kernels, boolean cudnn) {

    /** A head as wide as most models'. */
    private static final int HEAD = 64;

    /** Tries what is there. */
    public static Acceleration of(ComputeDevice.Cuda gpu) {
        return new Acceleration(
                CudaGraph.available(),
                CudaElementwise.on(gpu).isPresent(),
                CudnnAttention.attends(gpu, ComputeType.BFLOAT16, HEAD));
    }
}
