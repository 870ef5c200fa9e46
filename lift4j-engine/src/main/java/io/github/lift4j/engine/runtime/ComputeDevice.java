package io.github.lift4j.engine.runtime;

import io.github.lift4j.engine.LiftException;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
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
     * @param room bytes of its memory that training plans with, where others use it too; empty for all of them
     */
    record Cuda(int index, OptionalLong room) implements ComputeDevice {

        private static final Pattern NAME = Pattern.compile("cuda(?::(\\d{1,3}))?(?:/(\\d{1,4}))?");

        private static final long GIGABYTE = 1_000_000_000;

        private static Optional<Cuda> read(String text) {
            Matcher name = NAME.matcher(text);
            if (!name.matches()) {
                return Optional.empty();
            }
            int index =
                    Optional.ofNullable(name.group(1)).map(Integer::parseInt).orElse(0);
            return Optional.of(new Cuda(
                    index,
                    name.group(2) == null
                            ? OptionalLong.empty()
                            : OptionalLong.of(Long.parseLong(name.group(2)) * GIGABYTE)));
        }

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
     * Reads {@code auto}, {@code cpu}, {@code cuda}, {@code cuda:N} or {@code cuda:N/GB}; {@code auto} is the first GPU
     * where one can be used, else the processor.
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
            return gpus > 0 ? new Cuda(0, OptionalLong.empty()) : new Cpu();
        }
        Cuda named = Cuda.read(text)
                .orElseThrow(() -> new LiftException("'" + text
                        + "' is no device: use auto, cpu, cuda:N, or cuda:N/GB for a GPU that others use too."));
        if (named.index >= gpus) {
            throw new LiftException("The device " + text + " was asked for, but "
                    + (torch.hasCUDA()
                            ? "libtorch sees " + gpus + " usable GPUs; check the driver, or use --device cpu."
                            : "this build has no CUDA natives; build with -Pcuda, or use --device cpu."));
        }
        return named;
    }
}
