package io.github.lift4j.engine.runtime;

import io.github.lift4j.engine.LiftException;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.FileLockInterruptionException;
import java.nio.file.Path;
import java.util.List;
import org.bytedeco.javacpp.Loader;
import org.bytedeco.pytorch.global.torch;
import org.jspecify.annotations.Nullable;

/**
 * Brings libtorch into this process. Whatever touches a native tensor calls {@link #load()} first.
 *
 * <p>Three things must have happened before the first library is loaded, and a library's users cannot be asked to do
 * them: the environment variables that OpenMP reads once, the limits that JavaCPP reads once, and the unpacking of the
 * libraries out of their jars ({@link NativeLibraries}).
 *
 * <p>What the caller's environment or system properties say already is left as it is. In particular
 * {@code org.bytedeco.javacpp.cachedir} chooses where the libraries are unpacked; otherwise it is JavaCPP's own
 * folder, {@code ~/.javacpp/cache}.
 */
public final class Natives {

    /**
     * Shapes of bfloat16 matrix products that libtorch keeps ready on a processor. Each takes half a megabyte, and each
     * token of a text makes new ones, for there is one key more: by default a thousand are kept, most of them in vain. This
     * many hold a training step's and some answers' beside it; making one anew takes less than a millisecond, once for all
     * layers.
     */
    private static final String MATRIX_SHAPES = "128";

    // A process loads a library once: this is the process's state, not ours.
    private static boolean loaded;

    private Natives() {}

    /**
     * Loads libtorch, unpacking it first where that has not been done on this machine (a few seconds, 450 MB). Later
     * calls return at once. Safe to call from any thread, and from several processes at the same time.
     *
     * @throws LiftException if the class path has no native libraries for this platform, if they cannot be unpacked,
     *     or if the system refuses to load them; the message says what to do. A later call tries again.
     */
    public static synchronized void load() {
        if (loaded) {
            return;
        }
        setSystemPropertyDefaults();
        setEnvironmentDefaults();
        List<NativeLibraries> natives = NativeLibraries.onClassPath();
        unpack(natives);
        link(natives);
        // cuDNN's attention wants the very cuDNN that the presets were built with; FlashAttention wants none.
        torch.globalContext().setSDPUseCuDNN(false);
        loaded = true;
    }

    private static void setSystemPropertyDefaults() {
        // JavaCPP would refuse native memory beyond four times the Java heap; tensors live outside of that heap.
        setDefault("org.bytedeco.javacpp.maxphysicalbytes", "org.bytedeco.javacpp.maxPhysicalBytes", "0");
        setDefault("org.bytedeco.javacpp.maxbytes", "org.bytedeco.javacpp.maxBytes", "0");
        // JavaCPP prints to standard error unless told to log.
        setDefault("org.bytedeco.javacpp.logger", null, "slf4j");
        // The tokenizers' library would report its use, and fetch another native where it sees a GPU.
        if (System.getenv("OPT_OUT_TRACKING") == null) {
            setDefault("OPT_OUT_TRACKING", null, "true");
        }
        if (System.getenv("RUST_FLAVOR") == null) {
            setDefault("RUST_FLAVOR", null, "cpu");
        }
    }

    private static void setDefault(String property, @Nullable String otherSpelling, String value) {
        if (System.getProperty(property) == null
                && (otherSpelling == null || System.getProperty(otherSpelling) == null)) {
            System.setProperty(property, value);
        }
    }

    /**
     * OpenMP's workers spin while they wait, by default, and take the processor from the JVM's own threads: on two
     * cores a training step took three times as long. The libraries read such variables when they are loaded, from the
     * process's environment, which Java itself cannot write.
     */
    private static void setEnvironmentDefaults() {
        if (Loader.getPlatform().startsWith("windows")) {
            return; // The OpenMP there is not libgomp, and the C library has no setenv.
        }
        if (System.getenv("OMP_WAIT_POLICY") == null) {
            // Some microseconds of spinning: never spinning, every small operation waits for the scheduler.
            setEnvironmentDefault("GOMP_SPINCOUNT", "3000");
        }
        setEnvironmentDefault("OMP_WAIT_POLICY", "PASSIVE");
        // oneDNN and what calls it, the latter in each thread.
        setEnvironmentDefault("ONEDNN_PRIMITIVE_CACHE_CAPACITY", MATRIX_SHAPES);
        setEnvironmentDefault("LRU_CACHE_CAPACITY", MATRIX_SHAPES);
    }

    @SuppressWarnings("restricted") // A native call, as every other call of this engine.
    private static void setEnvironmentDefault(String name, String value) {
        Linker linker = Linker.nativeLinker();
        MethodHandle setenv = linker.downcallHandle(
                linker.defaultLookup().findOrThrow("setenv"),
                FunctionDescriptor.of(
                        ValueLayout.JAVA_INT, ValueLayout.ADDRESS, ValueLayout.ADDRESS, ValueLayout.JAVA_INT));
        int onlyIfUnset = 0;
        int status;
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment cName = arena.allocateFrom(name);
            MemorySegment cValue = arena.allocateFrom(value);
            status = (int) setenv.invokeExact(cName, cValue, onlyIfUnset);
        } catch (Throwable e) {
            throw new IllegalStateException("setenv could not be called", e);
        }
        if (status != 0) {
            throw new IllegalStateException("setenv refused " + name + "=" + value);
        }
    }

    private static void unpack(List<NativeLibraries> natives) {
        Path folder;
        try {
            folder = Loader.getCacheDir().toPath();
        } catch (IOException e) {
            throw new LiftException(
                    "There is no folder to unpack the libraries of libtorch into: make one that you may write to and"
                            + " name it with -Dorg.bytedeco.javacpp.cachedir=FOLDER.",
                    e);
        }
        try {
            NativeLibraries.unpack(natives, folder);
        } catch (ClosedByInterruptException | FileLockInterruptionException e) {
            throw new LiftException(
                    "Unpacking the libraries of libtorch was interrupted; what was unpacked so far is whole, and the"
                            + " next start continues.",
                    e);
        } catch (IOException e) {
            throw new LiftException(
                    "The libraries of libtorch could not be unpacked into %s (%s): make %d MB of room there, or name another folder with -Dorg.bytedeco.javacpp.cachedir=FOLDER."
                            .formatted(folder, e.getMessage(), NativeLibraries.totalBytes(natives) / 1_000_000 + 1),
                    e);
        }
    }

    private static void link(List<NativeLibraries> natives) {
        try {
            Loader.load(torch.class);
        } catch (UnsatisfiedLinkError e) {
            boolean cuda = natives.stream().anyMatch(NativeLibraries::forCuda);
            throw new LiftException(
                    "The system refused to load libtorch (%s): %s."
                            .formatted(
                                    innermost(e).getMessage(),
                                    cuda
                                            ? "its CUDA build needs NVIDIA's CUDA 13 libraries, cuDNN 9 and NCCL 2 where"
                                                    + " LD_LIBRARY_PATH finds them; without a GPU, use the natives"
                                                    + " without -gpu"
                                            : "it needs a 64-bit system with glibc 2.28 or newer and libstdc++"),
                    e);
        }
    }

    private static Throwable innermost(Throwable error) {
        Throwable inner = error;
        while (inner.getCause() != null) {
            inner = inner.getCause();
        }
        return inner;
    }
}
