package io.github.lift4j.engine.runtime;

import io.github.lift4j.engine.LiftException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SegmentAllocator;
import java.lang.foreign.StructLayout;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.bytedeco.pytorch.Device;
import org.bytedeco.pytorch.Stream;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.DeviceType;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Work on a GPU that is recorded once and then launched as a whole: the GPU no longer waits for the host to name each of
 * thousands of short kernels. It reads and writes the same memory each time. This is libtorch's {@code at::cuda::CUDAGraph},
 * which the presets do not show. Owns the recording and its memory: close it.
 */
public final class CudaGraph implements Recording {

    private static final String LIBRARY = "libtorch_cuda.so";
    private static final String CLASS = "_ZN2at4cuda9CUDAGraph";

    private static final Logger LOG = LoggerFactory.getLogger(CudaGraph.class);

    private static final Optional<CudaLibrary> RUNTIME = CudaLibrary.named("libcudart.so.13");

    private static final FunctionDescriptor END =
            FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.ADDRESS, ValueLayout.ADDRESS);

    /** More than the object takes. */
    private static final long OBJECT_BYTES = 4096;

    /** {@code cudaStreamCaptureModeThreadLocal}: what other threads do meanwhile is theirs. */
    private static final int ONLY_THIS_THREAD = 1;

    /**
     * Where each GPU's work is recorded, one piece after the other: memory that one stream has given back, another one of a
     * shared pool would not be lent.
     */
    private static final Map<Integer, Stream> ASIDE = new ConcurrentHashMap<>();

    private static final StructLayout POOL = MemoryLayout.structLayout(ValueLayout.JAVA_LONG, ValueLayout.JAVA_LONG);

    /** The class's methods, by the names that the compiler gave them. */
    private record Methods(
            MethodHandle create,
            MethodHandle begin,
            MethodHandle end,
            MethodHandle replay,
            MethodHandle pool,
            MethodHandle destroy) {

        private static final Optional<Methods> FOUND = find();

        private static Optional<Methods> find() {
            FunctionDescriptor plain = FunctionDescriptor.ofVoid(ValueLayout.ADDRESS);
            Optional<CudaLibrary> torch =
                    CudaLibrary.named(LIBRARY).filter(library -> library.has(CLASS + "11capture_endEv"));
            if (torch.isEmpty()) {
                LOG.warn("This build of libtorch has no CUDA graphs that are known here: small passes will be slower.");
            }
            return torch.map(library -> new Methods(
                    library.function(
                            CLASS + "C1Eb", FunctionDescriptor.ofVoid(ValueLayout.ADDRESS, ValueLayout.JAVA_BOOLEAN)),
                    library.function(
                            CLASS + "13capture_beginESt4pairIyyE21cudaStreamCaptureMode",
                            FunctionDescriptor.ofVoid(ValueLayout.ADDRESS, POOL, ValueLayout.JAVA_INT)),
                    library.function(CLASS + "11capture_endEv", plain),
                    library.function(CLASS + "6replayEv", plain),
                    library.function(CLASS + "4poolEv", FunctionDescriptor.of(POOL, ValueLayout.ADDRESS)),
                    library.function(CLASS + "D1Ev", plain)));
        }
    }

    private final Methods methods;
    private final Arena arena = Arena.ofShared();
    private final MemorySegment object = arena.allocate(OBJECT_BYTES, 64);
    private final ComputeDevice.Cuda gpu;

    private CudaGraph(Methods methods, ComputeDevice.Cuda gpu) {
        this.methods = methods;
        this.gpu = gpu;
        call(() -> {
            methods.create.invokeExact(object, false);
        });
    }

    /** Whether this libtorch lets work be recorded. */
    public static boolean available() {
        Natives.load();
        return Methods.FOUND.isPresent();
    }

    /**
     * Records work without doing it. It must have been done once before, so that libraries are set up, and may not wait
     * for the GPU. Memory that lives on after it must be owned by somebody until this is closed.
     *
     * @param sharing another recording, never launched at the same time, to take memory from
     * @throws LiftException where the work cannot be recorded
     */
    public static CudaGraph record(ComputeDevice.Cuda gpu, Optional<CudaGraph> sharing, Runnable work) {
        CudaGraph graph = new CudaGraph(
                Methods.FOUND.orElseThrow(() -> new LiftException("This build of libtorch records no CUDA graphs.")),
                gpu);
        graph.record(sharing, work);
        return graph;
    }

    private void record(Optional<CudaGraph> sharing, Runnable work) {
        Stream aside = ASIDE.computeIfAbsent(gpu.index(), index -> stream(gpu.handle()));
        synchronized (aside) {
            record(sharing, work, aside);
        }
    }

    private static Stream stream(Device device) {
        return torch.getDeviceGuardImpl(DeviceType.CUDA)
                .getStreamFromGlobalPool(device, false)
                .retainReference();
    }

    private void record(Optional<CudaGraph> sharing, Runnable work, Stream aside) {
        Stream before = torch.getCurrentStream((byte) gpu.index());
        torch.cuda_synchronize(gpu.index());
        // What others have left to the allocator, a recording cannot use.
        PeakMemory.giveBack(gpu);
        torch.setCurrentStream(aside);
        try (Arena call = Arena.ofConfined()) {
            MemorySegment pool = sharing.map(other -> other.pool(call)).orElseGet(() -> call.allocate(POOL));
            call(() -> {
                methods.begin.invokeExact(object, pool, ONLY_THIS_THREAD);
            });
            try {
                work.run();
            } catch (RuntimeException e) {
                abandon(aside, call);
                throw e;
            }
            call(() -> {
                methods.end.invokeExact(object);
            });
        } finally {
            torch.setCurrentStream(before);
        }
    }

    /** Ends a recording that failed: the stream is of a pool, and others will get it. */
    private static void abandon(Stream stream, Arena arena) {
        MemorySegment handle = MemorySegment.ofAddress(stream.native_handle().address());
        call(() -> {
            int status = (int) RUNTIME.orElseThrow()
                    .function("cudaStreamEndCapture", END)
                    .invokeExact(handle, arena.allocate(ValueLayout.ADDRESS));
            LOG.debug("a recording was abandoned; the runtime answered {}", status);
        });
    }

    private MemorySegment pool(SegmentAllocator allocator) {
        try {
            return (MemorySegment) methods.pool.invokeExact(allocator, object);
        } catch (Throwable e) {
            throw new IllegalStateException("a CUDA graph's memory pool", e);
        }
    }

    @Override
    public void launch() {
        call(() -> {
            methods.replay.invokeExact(object);
        });
    }

    /** Its body is a block: as an expression, {@code invokeExact} would be taken to give an object. */
    private interface NativeCall {
        void run() throws Throwable;
    }

    private static void call(NativeCall call) {
        try {
            call.run();
        } catch (Throwable e) {
            throw new IllegalStateException("a CUDA graph", e);
        }
    }

    @Override
    public void close() {
        torch.cuda_synchronize(gpu.index());
        call(() -> {
            methods.destroy.invokeExact(object);
        });
        arena.close();
    }
}
