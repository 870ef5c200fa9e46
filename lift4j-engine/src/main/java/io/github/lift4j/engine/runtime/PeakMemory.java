package io.github.lift4j.engine.runtime;

import io.github.lift4j.engine.LiftException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.SizeTPair;
import org.bytedeco.pytorch.global.torch;

/**
 * The most memory that a device had in use since some moment: all of it, the model's weights included, not only what came
 * to it meanwhile.
 *
 * <ul>
 *   <li>Processor: the largest resident set of this process, Java's heap included. Linux keeps that mark ({@code VmHWM} in
 *       {@code /proc/self/status}) and takes it back to what is resident now when 5 is written to {@code
 *       /proc/self/clear_refs}. Where a system has neither, nothing can be told.
 *   <li>GPU: what of its memory is taken. libtorch gives what it has kept back to the device at the start; from then on it
 *       keeps all it took until it gives that back once more, and what was taken then is noted. So the most of these is the
 *       peak, up to libtorch's block sizes. Other processes on the same GPU count too. Where memory ran out, libtorch gives
 *       some back before it gives up, so the figure is then too low.
 * </ul>
 */
public final class PeakMemory {

    private static final Path STATUS = Path.of("/proc/self/status");
    private static final Path RESET = Path.of("/proc/self/clear_refs");
    private static final String RESET_PEAK = "5";

    /** The most that was taken of each GPU when something was given back, since the last beginning. */
    private static final Map<Integer, Long> GIVEN_BACK = new ConcurrentHashMap<>();

    private final ComputeDevice device;
    private final boolean known;

    private PeakMemory(ComputeDevice device, boolean known) {
        this.device = device;
        this.known = known;
    }

    /** Begins at what is in use now. One at a time in a process: the next one takes the mark back. */
    public static PeakMemory since(ComputeDevice device) {
        return new PeakMemory(
                device,
                switch (device) {
                    case ComputeDevice.Cpu _ -> resetMark();
                    case ComputeDevice.Cuda cuda -> {
                        giveBack(device);
                        GIVEN_BACK.put(cuda.index(), 0L);
                        yield true;
                    }
                });
    }

    /** The peak so far in bytes; empty where the system does not tell. */
    public OptionalLong bytes() {
        if (!known) {
            return OptionalLong.empty();
        }
        return switch (device) {
            case ComputeDevice.Cpu _ -> mark();
            case ComputeDevice.Cuda cuda ->
                OptionalLong.of(Math.max(taken(cuda), GIVEN_BACK.getOrDefault(cuda.index(), 0L)));
        };
    }

    /** Gives memory that libtorch keeps for later back to a GPU, as after it ran out. Does nothing on a processor. */
    public static void giveBack(ComputeDevice device) {
        if (device instanceof ComputeDevice.Cuda cuda) {
            GIVEN_BACK.merge(cuda.index(), taken(cuda), Math::max);
            torch.emptyCache();
        }
    }

    /**
     * Whether a failure is for want of memory: libtorch's own, of a GPU or of the processor, or Java's. What the system kills
     * for want of memory is not told.
     */
    public static boolean ranOut(Throwable failure) {
        return Stream.<Throwable>iterate(failure, cause -> cause != null, Throwable::getCause)
                .limit(16)
                .anyMatch(cause -> cause instanceof OutOfMemoryError || saysSo(cause));
    }

    private static boolean saysSo(Throwable failure) {
        String message = String.valueOf(failure.getMessage()).toLowerCase(Locale.ROOT);
        return failure instanceof RuntimeException
                && !(failure instanceof LiftException)
                && (message.contains("out of memory")
                        || message.contains("can't allocate memory")
                        || message.contains("not enough memory"));
    }

    /** All memory of a GPU, in bytes. */
    public static long total(ComputeDevice.Cuda cuda) {
        try (PointerScope scope = new PointerScope()) {
            return torch.getMemoryInfo((byte) cuda.index()).second();
        }
    }

    private static long taken(ComputeDevice.Cuda cuda) {
        torch.synchronizeDevice((byte) cuda.index());
        try (PointerScope scope = new PointerScope()) {
            SizeTPair freeAndTotal = torch.getMemoryInfo((byte) cuda.index());
            return freeAndTotal.second() - freeAndTotal.first();
        }
    }

    private static boolean resetMark() {
        if (!Files.isWritable(RESET)) {
            return false;
        }
        try {
            Files.writeString(RESET, RESET_PEAK);
            return true;
        } catch (IOException e) {
            return false; // A kernel built without it: then it cannot be told, which is what the answer says.
        }
    }

    private static OptionalLong mark() {
        try (Stream<String> lines = Files.lines(STATUS)) {
            return lines.filter(line -> line.startsWith("VmHWM:"))
                    .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) * 1024)
                    .findFirst();
        } catch (IOException e) {
            throw new LiftException(
                    "The peak of memory cannot be read from " + STATUS + ": check that /proc is there.", e);
        }
    }
}
