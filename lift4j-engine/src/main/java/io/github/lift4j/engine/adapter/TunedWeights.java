package io.github.lift4j.engine.adapter;

import io.github.lift4j.engine.LiftException;
import io.github.lift4j.engine.runtime.NativeScope;
import io.github.lift4j.engine.transformer.WeightSource;
import io.github.lift4j.engine.weights.Safetensors;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.bytedeco.pytorch.AutoGradMode;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch.ScalarType;

/**
 * The weights of a base model with an adapter multiplied into them while they are read: how fine-tuning beforehand
 * becomes a base of its own. Close it once the model is loaded.
 */
public final class TunedWeights implements WeightSource, AutoCloseable {

    private static final String SUFFIX = ".weight";

    private final WeightSource base;
    private final Safetensors tuned;
    private final Optional<LoraSettings> lora;

    private TunedWeights(WeightSource base, Safetensors tuned, Optional<LoraSettings> lora) {
        this.base = base;
        this.tuned = tuned;
        this.lora = lora;
    }

    /**
     * Opens what {@link PeftFormat} or {@link FullWeights} wrote into a folder.
     *
     * @throws LiftException where there is neither, or it is damaged
     */
    public static TunedWeights open(WeightSource base, Path folder) {
        Path whole = folder.resolve(FullWeights.FILE);
        return Files.exists(whole)
                ? new TunedWeights(base, Safetensors.open(whole), Optional.empty())
                : new TunedWeights(
                        base,
                        Safetensors.open(folder.resolve(PeftFormat.WEIGHTS)),
                        Optional.of(PeftConfig.read(folder).settings()));
    }

    /** SHA-256 of the tuned file, by which a memory knows its base again. */
    public String hash() {
        return tuned.hash();
    }

    @Override
    public Tensor read(String name, ScalarType type) {
        if (lora.isEmpty()) {
            return tuned.names().contains(name) ? tuned.read(name, type) : base.read(name, type);
        }
        String layer = name.endsWith(SUFFIX) ? name.substring(0, name.length() - SUFFIX.length()) : name;
        String down = PeftFormat.PREFIX + LoraAdapter.a(layer);
        if (!tuned.names().contains(down)) {
            return base.read(name, type);
        }
        double scale = lora.get().scale();
        return NativeScope.keeping(() -> {
            try (AutoGradMode off = new AutoGradMode(false)) {
                Tensor up = tuned.read(PeftFormat.PREFIX + LoraAdapter.b(layer), ScalarType.Float);
                return LoraAdapter.multipliedOut(
                                base.read(name, ScalarType.Float), tuned.read(down, ScalarType.Float), up, scale)
                        .to(type);
            }
        });
    }

    @Override
    public void close() {
        tuned.close();
    }
}
