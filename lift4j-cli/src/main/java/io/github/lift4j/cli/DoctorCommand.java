package io.github.lift4j.cli;

import io.github.lift4j.engine.LiftException;
import io.github.lift4j.engine.hub.CachedModel;
import io.github.lift4j.engine.hub.HubSettings;
import io.github.lift4j.engine.hub.ModelHub;
import io.github.lift4j.engine.runtime.ComputeDevice;
import io.github.lift4j.engine.runtime.ComputeType;
import io.github.lift4j.engine.transformer.Acceleration;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code lift doctor}: what was found, and what to mend. */
@Command(
        name = "doctor",
        mixinStandardHelpOptions = true,
        description = "Shows what was found on this machine, and what to mend.")
final class DoctorCommand implements Callable<Integer> {

    @Mixin
    private OutputOptions output;

    @Override
    public Integer call() {
        Map<String, Object> found = new LinkedHashMap<>();
        found.putAll(Machine.facts());
        found.put("jdk", Runtime.version() + " at " + System.getProperty("java.home"));
        found.put("blas", System.getProperty("org.bytedeco.openblas.load", "openblas"));
        boolean healthy = device(found);
        found.put("openmp", "OMP_WAIT_POLICY=" + System.getenv().getOrDefault("OMP_WAIT_POLICY", "(unset)"));
        found.put("allocator", allocator());
        HubSettings settings = HubSettings.fromEnvironment(System.getenv());
        found.put("hub_cache", settings.hubCache() + writable(settings.hubCache()));
        found.put("lift_cache", settings.liftHome() + writable(settings.liftHome()));
        found.put("hub", settings.endpoint() + (settings.offline() ? " (offline)" : ""));
        List<CachedModel> models = ModelHub.of(settings).cached();
        found.put("models", models.isEmpty() ? "none yet: lift models pull MODEL, or lift demo" : ids(models));
        StringBuilder words = new StringBuilder();
        found.forEach((key, value) -> words.append(String.format("%-12s %s%n", key, value)));
        output.print(found, words.toString().stripTrailing());
        return healthy ? 0 : 1;
    }

    private static boolean device(Map<String, Object> found) {
        try {
            ComputeDevice device = ComputeDevice.parse("auto");
            found.put("device", device.toString());
            found.put("dtype", ComputeType.fastest(device) + " (the faster one here)");
            if (device instanceof ComputeDevice.Cuda gpu) {
                found.put("gpu", gpu(Acceleration.of(gpu)));
            }
            return true;
        } catch (LiftException e) {
            found.put("device", e.getMessage());
            return false;
        }
    }

    private static String gpu(Acceleration found) {
        return "CUDA graphs: " + (found.graphs() ? "yes" : "no, libtorch has none that are known")
                + "; own kernels: " + (found.kernels() ? "yes" : "no, NVRTC is missing or the GPU older than Ampere")
                + "; attention in training: "
                + (found.cudnn() ? "cuDNN" : "FlashAttention (cuDNN 9.25 is faster, on Hopper and newer)");
    }

    private static String allocator() {
        String preloaded = System.getenv().getOrDefault("LD_PRELOAD", "");
        return preloaded.contains("jemalloc")
                ? preloaded
                : "the C library's; install jemalloc (libjemalloc2) for less memory and faster training";
    }

    private static String writable(Path folder) {
        Path existing = folder.toAbsolutePath();
        while (existing.getParent() != null && !Files.exists(existing)) {
            existing = existing.getParent();
        }
        return Files.isWritable(existing) ? "" : " (not writable: change its owner, or set another folder)";
    }

    private static String ids(List<CachedModel> models) {
        return String.join(", ", models.stream().map(CachedModel::id).toList());
    }
}
