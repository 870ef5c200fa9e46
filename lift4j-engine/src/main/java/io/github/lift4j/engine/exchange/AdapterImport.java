package io.github.lift4j.engine.exchange;

import io.github.lift4j.engine.LiftException;
import io.github.lift4j.engine.adapter.LoraFile;
import io.github.lift4j.engine.adapter.LoraSettings;
import io.github.lift4j.engine.model.StoredModel;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** Takes in an adapter that PEFT made. */
public final class AdapterImport {

    private static final List<String> LAYERS =
            List.of("q_proj", "k_proj", "v_proj", "o_proj", "gate_proj", "up_proj", "down_proj");

    private AdapterImport() {}

    /**
     * Checks an adapter against its base and writes it into an existing folder as lift4j writes its own.
     *
     * @param from a folder with {@code adapter_config.json} and {@code adapter_model.safetensors}
     * @return how it was trained
     * @throws LiftException where it is no plain LoRA of whole sets of layers, or was made for another base
     */
    public static LoraSettings copy(Path from, StoredModel base, Path folder) {
        try (LoraFile lora = LoraFile.open(from)) {
            Set<String> targets = targets(lora, from);
            Set<String> layers = base.names().stream()
                    .filter(name -> name.endsWith(".weight"))
                    .map(name -> name.substring(0, name.length() - ".weight".length()))
                    .filter(layer -> targets.contains(layer.substring(layer.lastIndexOf('.') + 1)))
                    .collect(Collectors.toCollection(TreeSet::new));
            Set<String> missing = new TreeSet<>(layers);
            missing.removeAll(lora.layers());
            if (!missing.isEmpty()) {
                throw new LiftException("The adapter in " + from + " adapts some layers only and not, for one, "
                        + missing.iterator().next() + ", which lift4j cannot use: train it on the same layers of every"
                        + " block, or name its own base.");
            }
            for (String layer : lora.layers()) {
                check(lora, layer, layers.contains(layer), base, from);
            }
            lora.copyTo(folder, base.name());
            LoraSettings trained = lora.settings();
            return new LoraSettings(trained.rank(), trained.alpha(), trained.rankStabilised(), targets);
        }
    }

    private static Set<String> targets(LoraFile lora, Path from) {
        Set<String> targets = lora.targets();
        Set<String> unknown = new TreeSet<>(targets);
        LAYERS.forEach(unknown::remove);
        if (!unknown.isEmpty()) {
            throw new LiftException("The adapter in " + from + " adapts " + String.join(", ", unknown)
                    + ", which lift4j cannot use: train it on any of "
                    + String.join(", ", LAYERS) + ".");
        }
        Set<String> others = new TreeSet<>(lora.names());
        lora.layers().forEach(layer -> others.removeAll(LoraFile.names(layer)));
        if (targets.isEmpty() || !others.isEmpty()) {
            throw new LiftException("The adapter in " + from + " holds "
                    + (others.isEmpty() ? "no layers" : others.iterator().next())
                    + ", which is not what plain LoRA holds: save it with PEFT's save_pretrained.");
        }
        return targets;
    }

    private static void check(LoraFile lora, String layer, boolean known, StoredModel base, Path from) {
        int rank = lora.settings().rank();
        long[] shape = known ? base.shape(layer + ".weight") : new long[] {0, 0};
        boolean fits = Arrays.equals(lora.downShape(layer), new long[] {rank, shape[1]})
                && Arrays.equals(lora.upShape(layer), new long[] {shape[0], rank});
        if (!fits) {
            throw new LiftException("The adapter in " + from + " does not fit " + base.name() + " at " + layer
                    + ": it was made for another base model; name that with --base.");
        }
    }
}
