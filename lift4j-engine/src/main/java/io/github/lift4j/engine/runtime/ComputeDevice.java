package io.github.lift4j.engine.runtime;

import io.github.lift4j.engine.LiftException;
import org.bytedeco.pytorch.Device;
import org.bytedeco.pytorch.global.torch;

/** The device that holds the tensors and does the arithmetic. */
public sealed interface ComputeDevice {

    /** The processor, with every core the process may use. */
    record Cpu() implements ComputeDevice {
        @Override
        public String toString() {
            return "cpu";
        }
    }

    /**
     * One NVIDIA GPU.
     *
     * @param index its number, from 0
     */
    record Cuda(int index) implements ComputeDevice {
        @Override
        public String toString() {
            return "cuda:" + index;
        }
    }

    /** The device's name in libtorch. */
    default Device handle() {
        return new Device(toString());
    }

    /** How many threads compute on the processor: sums over them, and so results, depend on it. */
    static int threads() {
        Natives.load();
        return torch.get_num_threads();
    }

    /**
     * Reads {@code auto}, {@code cpu}, {@code cuda} or {@code cuda:N}; {@code auto} is the first GPU where one can be
     * used, else the processor.
     *
     * @throws LiftException for another text, or a GPU that is named and cannot be used
     */
    static ComputeDevice parse(String text) {
        Natives.load();
        if (text.equals("cpu")) {
            return new Cpu();
        }
        // Not torch_cuda.device_count(): that class loads the CUDA presets' own libraries, which nothing else needs.
        int gpus = torch.hasCUDA() ? torch.cuda_device_count() : 0;
        if (text.equals("auto")) {
            return gpus > 0 ? new Cuda(0) : new Cpu();
        }
        if (!text.matches("cuda(:\\d{1,3})?")) {
            throw new LiftException("'" + text + "' is no device: use auto, cpu or cuda:N.");
        }
        int index = text.length() == 4 ? 0 : Integer.parseInt(text.substring(5));
        if (index >= gpus) {
            throw new LiftException("The device " + text + " was asked for, but "
                    + (torch.hasCUDA()
                            ? "libtorch sees " + gpus + " usable GPUs; check the driver, or use --device cpu."
                            : "this build has no CUDA natives; build with -Pcuda, or use --device cpu."));
        }
        return new Cuda(index);
    }
}
