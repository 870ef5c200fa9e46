package io.github.lift4j.engine.runtime;

import io.github.lift4j.engine.LiftException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import org.bytedeco.javacpp.Pointer;
import org.bytedeco.pytorch.Stream;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/**
 * Kernels written in CUDA C++, compiled for the GPU that is there (NVRTC) when they are first wanted. Both libraries that
 * this takes are in the process wherever libtorch uses a GPU. A compiled program stays until the process ends.
 */
public final class CudaKernels {

    /** The first GPUs with bfloat16: A100. */
    public static final int AMPERE = 80;

    /** The first GPUs with eight-bit numbers: L4, L40, then H100. */
    public static final int ADA = 89;

    /** H100, H200. */
    public static final int HOPPER = 90;

    /** The driver's numbers for what it is asked of a device. */
    private static final int MAJOR = 75;

    private static final int MINOR = 76;

    private static final FunctionDescriptor ATTRIBUTE = FunctionDescriptor.of(
            ValueLayout.JAVA_INT, ValueLayout.ADDRESS, ValueLayout.JAVA_INT, ValueLayout.JAVA_INT);

    private static final FunctionDescriptor COMPILE =
            FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.ADDRESS, ValueLayout.JAVA_INT, ValueLayout.ADDRESS);

    private static final FunctionDescriptor TWO =
            FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.ADDRESS, ValueLayout.ADDRESS);

    private static final FunctionDescriptor CREATE = FunctionDescriptor.of(
            ValueLayout.JAVA_INT,
            ValueLayout.ADDRESS,
            ValueLayout.ADDRESS,
            ValueLayout.ADDRESS,
            ValueLayout.JAVA_INT,
            ValueLayout.ADDRESS,
            ValueLayout.ADDRESS);

    private static final FunctionDescriptor THREE =
            FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.ADDRESS, ValueLayout.ADDRESS, ValueLayout.ADDRESS);

    private static final FunctionDescriptor LAUNCH = FunctionDescriptor.of(
            ValueLayout.JAVA_INT,
            ValueLayout.ADDRESS,
            ValueLayout.JAVA_INT,
            ValueLayout.JAVA_INT,
            ValueLayout.JAVA_INT,
            ValueLayout.JAVA_INT,
            ValueLayout.JAVA_INT,
            ValueLayout.JAVA_INT,
            ValueLayout.JAVA_INT,
            ValueLayout.ADDRESS,
            ValueLayout.ADDRESS,
            ValueLayout.ADDRESS);

    private record Program(int gpu, Class<?> beside, List<String> resources) {}

    // A GPU's code is the process's: every model uses the same.
    private static final Map<Program, Optional<CudaKernels>> COMPILED = new ConcurrentHashMap<>();

    private final byte gpu;
    private final MemorySegment module;
    private final CudaLibrary driver;
    private final MethodHandle launch;
    private final Map<String, MemorySegment> functions = new ConcurrentHashMap<>();

    private CudaKernels(ComputeDevice.Cuda gpu, CudaLibrary driver, MemorySegment module) {
        this.gpu = (byte) gpu.index();
        this.driver = driver;
        this.module = module;
        this.launch = driver.function("cuLaunchKernel", LAUNCH);
    }

    /**
     * A program, compiled where it was not yet.
     *
     * @param oldest generation of GPUs that has what the program uses
     * @param beside the class that the program's files lie beside
     * @param resources the files, one text in this order
     * @return empty where there is no compiler, no driver, or the GPU is older
     * @throws LiftException where the program does not compile; the compiler's words are in the message
     */
    public static Optional<CudaKernels> compile(
            ComputeDevice.Cuda gpu, int oldest, Class<?> beside, String... resources) {
        return COMPILED.computeIfAbsent(
                new Program(gpu.index(), beside, List.of(resources)), program -> compiled(gpu, program, oldest));
    }

    private static Optional<CudaKernels> compiled(ComputeDevice.Cuda gpu, Program program, int oldest) {
        Optional<CudaLibrary> compiler = CudaLibrary.named("libnvrtc.so.13");
        Optional<CudaLibrary> driver = CudaLibrary.named("libcuda.so.1");
        if (compiler.isEmpty() || driver.isEmpty()) {
            return Optional.empty();
        }
        // The driver loads a module into the context of the thread's device: this makes it that of the GPU.
        torch.cuda_synchronize(gpu.index());
        try (Arena arena = Arena.ofConfined()) {
            int generation = generation(driver.get(), arena, gpu.index());
            if (generation < oldest) {
                return Optional.empty();
            }
            MemorySegment code = code(compiler.get(), arena, source(program), generation);
            MemorySegment module = arena.allocate(ValueLayout.ADDRESS);
            check((int) driver.get().function("cuModuleLoadData", TWO).invokeExact(module, code), "cuModuleLoadData");
            return Optional.of(new CudaKernels(gpu, driver.get(), module.get(ValueLayout.ADDRESS, 0)));
        } catch (LiftException e) {
            throw e;
        } catch (Throwable e) {
            throw new IllegalStateException("compiling " + program.resources, e);
        }
    }

    /** 90 for an H100; 0 where there is no driver to ask. */
    public static int generation(ComputeDevice.Cuda gpu) {
        try (Arena arena = Arena.ofConfined()) {
            Optional<CudaLibrary> driver = CudaLibrary.named("libcuda.so.1");
            return driver.isEmpty() ? 0 : generation(driver.get(), arena, gpu.index());
        } catch (Throwable e) {
            throw new IllegalStateException("asking the driver for the GPU's generation", e);
        }
    }

    private static int generation(CudaLibrary driver, Arena arena, int gpu) throws Throwable {
        MethodHandle attribute = driver.function("cuDeviceGetAttribute", ATTRIBUTE);
        MemorySegment major = arena.allocate(ValueLayout.JAVA_INT);
        MemorySegment minor = arena.allocate(ValueLayout.JAVA_INT);
        check((int) attribute.invokeExact(major, MAJOR, gpu), "cuDeviceGetAttribute");
        check((int) attribute.invokeExact(minor, MINOR, gpu), "cuDeviceGetAttribute");
        return 10 * major.get(ValueLayout.JAVA_INT, 0) + minor.get(ValueLayout.JAVA_INT, 0);
    }

    private static String source(Program program) {
        return program.resources.stream()
                .map(resource -> source(program.beside, resource))
                .collect(Collectors.joining("\n"));
    }

    private static String source(Class<?> beside, String resource) {
        try (InputStream in = beside.getResourceAsStream(resource)) {
            if (in == null) {
                throw new IllegalArgumentException("no program " + resource + " beside " + beside);
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static MemorySegment code(CudaLibrary nvrtc, Arena arena, String source, int generation) throws Throwable {
        MemorySegment handle = arena.allocate(ValueLayout.ADDRESS);
        check(
                (int) nvrtc.function("nvrtcCreateProgram", CREATE)
                        .invokeExact(
                                handle,
                                arena.allocateFrom(source),
                                arena.allocateFrom("lift4j.cu"),
                                0,
                                MemorySegment.NULL,
                                MemorySegment.NULL),
                "nvrtcCreateProgram");
        MemorySegment program = handle.get(ValueLayout.ADDRESS, 0);
        MemorySegment options = arena.allocate(ValueLayout.ADDRESS, 2);
        options.setAtIndex(ValueLayout.ADDRESS, 0, arena.allocateFrom("--gpu-architecture=sm_" + generation));
        options.setAtIndex(ValueLayout.ADDRESS, 1, arena.allocateFrom("--use_fast_math"));
        int status = (int) nvrtc.function("nvrtcCompileProgram", COMPILE).invokeExact(program, 2, options);
        if (status != 0) {
            throw new LiftException(
                    "The GPU's kernels do not compile: " + text(nvrtc, "nvrtcGetProgramLog", arena, program));
        }
        MemorySegment code = bytes(nvrtc, "nvrtcGetCUBIN", arena, program);
        check(
                (int) nvrtc.function(
                                "nvrtcDestroyProgram", FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.ADDRESS))
                        .invokeExact(handle),
                "nvrtcDestroyProgram");
        return code;
    }

    private static String text(CudaLibrary nvrtc, String function, Arena arena, MemorySegment program)
            throws Throwable {
        return bytes(nvrtc, function, arena, program).getString(0).strip();
    }

    private static MemorySegment bytes(CudaLibrary nvrtc, String function, Arena arena, MemorySegment program)
            throws Throwable {
        MemorySegment size = arena.allocate(ValueLayout.JAVA_LONG);
        check((int) nvrtc.function(function + "Size", TWO).invokeExact(program, size), function + "Size");
        MemorySegment bytes = arena.allocate(size.get(ValueLayout.JAVA_LONG, 0));
        check((int) nvrtc.function(function, TWO).invokeExact(program, bytes), function);
        return bytes;
    }

    private static void check(int status, String what) {
        if (status != 0) {
            throw new IllegalStateException(what + " answered " + status);
        }
    }

    /**
     * Launches a kernel on the current stream.
     *
     * @param blocks of threads
     * @param threads a block
     * @param arguments tensors, whose data's address is passed, longs, ints and floats
     */
    public void launch(String kernel, long blocks, int threads, Object... arguments) {
        MemorySegment function = functions.computeIfAbsent(kernel, this::function);
        try (Arena arena = Arena.ofConfined();
                Stream stream = torch.getCurrentStream(gpu);
                Pointer handle = stream.native_handle()) {
            MemorySegment values = arena.allocate(8L * arguments.length, 8);
            MemorySegment pointers = arena.allocate(ValueLayout.ADDRESS, arguments.length);
            for (int i = 0; i < arguments.length; i++) {
                MemorySegment slot = values.asSlice(8L * i, 8);
                put(slot, arguments[i]);
                pointers.setAtIndex(ValueLayout.ADDRESS, i, slot);
            }
            MemorySegment on = handle == null ? MemorySegment.NULL : MemorySegment.ofAddress(handle.address());
            check(
                    (int) launch.invokeExact(
                            function,
                            Math.toIntExact(blocks),
                            1,
                            1,
                            threads,
                            1,
                            1,
                            0,
                            on,
                            pointers,
                            MemorySegment.NULL),
                    kernel);
        } catch (RuntimeException e) {
            throw e;
        } catch (Throwable e) {
            throw new IllegalStateException(kernel, e);
        }
    }

    private static void put(MemorySegment slot, Object argument) {
        switch (argument) {
            case Tensor tensor -> slot.set(ValueLayout.JAVA_LONG, 0, address(tensor));
            case Long number -> slot.set(ValueLayout.JAVA_LONG, 0, number);
            case Integer number -> slot.set(ValueLayout.JAVA_INT, 0, number);
            case Float number -> slot.set(ValueLayout.JAVA_FLOAT, 0, number);
            default -> throw new IllegalArgumentException("a kernel takes no " + argument.getClass());
        }
    }

    /** libtorch gives none for nothing. */
    private static long address(Tensor tensor) {
        return tensor.numel() == 0 ? 0 : tensor.data_ptr().address();
    }

    private MemorySegment function(String kernel) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment function = arena.allocate(ValueLayout.ADDRESS);
            check(
                    (int) driver.function("cuModuleGetFunction", THREE)
                            .invokeExact(function, module, arena.allocateFrom(kernel)),
                    kernel);
            return function.get(ValueLayout.ADDRESS, 0);
        } catch (RuntimeException e) {
            throw e;
        } catch (Throwable e) {
            throw new IllegalStateException(kernel, e);
        }
    }
}
