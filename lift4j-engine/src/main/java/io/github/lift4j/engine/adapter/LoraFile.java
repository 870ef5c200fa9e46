package io.github.lift4j.engine.adapter;

import io.github.lift4j.engine.LiftException;
import io.github.lift4j.engine.weights.Safetensors;
import io.github.lift4j.engine.weights.SafetensorsWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch.ScalarType;

/** The low-rank factors in a folder in PEFT's format, read one at a time; close it. */
public final class LoraFile implements AutoCloseable {

    private static final String DOWN = LoraAdapter.a("");

    private final LoraSettings settings;
    private final Safetensors file;

    private LoraFile(LoraSettings settings, Safetensors file) {
        this.settings = settings;
        this.file = file;
    }

    /**
     * Opens a folder.
     *
     * @throws LiftException where it holds no plain LoRA, or its files are damaged
     */
    public static LoraFile open(Path folder) {
        LoraSettings settings = PeftConfig.read(folder).settings();
        Path weights = folder.resolve(PeftFormat.WEIGHTS);
        if (!Files.exists(weights)) {
            throw new LiftException("The adapter in " + folder + " has no " + PeftFormat.WEIGHTS
                    + ": save it with safe_serialization, since other formats can run code when they are read.");
        }
        return new LoraFile(settings, Safetensors.open(weights));
    }

    /** How it was trained. */
    public LoraSettings settings() {
        return settings;
    }

    /** The names of all tensors as they stand in the file. */
    public Set<String> names() {
        return file.names();
    }

    /** The adapted layers, such as {@code model.layers.0.self_attn.q_proj}. */
    public List<String> layers() {
        return file.names().stream()
                .filter(name -> name.startsWith(PeftFormat.PREFIX) && name.endsWith(DOWN))
                .map(name -> name.substring(PeftFormat.PREFIX.length(), name.length() - DOWN.length()))
                .toList();
    }

    /** The names of a layer's two factors. */
    public static Set<String> names(String layer) {
        return Set.of(PeftFormat.PREFIX + LoraAdapter.a(layer), PeftFormat.PREFIX + LoraAdapter.b(layer));
    }

    /** The shape of A, {@code [rank, in]}. */
    public long[] downShape(String layer) {
        return file.shape(PeftFormat.PREFIX + LoraAdapter.a(layer));
    }

    /** The shape of B, {@code [out, rank]}. */
    public long[] upShape(String layer) {
        return file.shape(PeftFormat.PREFIX + LoraAdapter.b(layer));
    }

    /** A layer's A in float32; the caller closes it. */
    public Tensor down(String layer) {
        return file.read(PeftFormat.PREFIX + LoraAdapter.a(layer), ScalarType.Float);
    }

    /** A layer's B in float32; the caller closes it. */
    public Tensor up(String layer) {
        return file.read(PeftFormat.PREFIX + LoraAdapter.b(layer), ScalarType.Float);
    }

    /** The last names of the adapted layers, such as {@code q_proj}; sorted. */
    public Set<String> targets() {
        return layers().stream()
                .map(layer -> layer.substring(layer.lastIndexOf('.') + 1))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    /** Writes it, in float32, into an existing folder for a base. */
    public void copyTo(Path folder, String baseName) {
        SafetensorsWriter writer = new SafetensorsWriter();
        for (String layer : layers()) {
            writer.add(PeftFormat.PREFIX + LoraAdapter.a(layer), ScalarType.Float, downShape(layer), () -> down(layer));
            writer.add(PeftFormat.PREFIX + LoraAdapter.b(layer), ScalarType.Float, upShape(layer), () -> up(layer));
        }
        writer.write(folder.resolve(PeftFormat.WEIGHTS));
        PeftConfig.write(settings, targets(), baseName, folder);
    }

    @Override
    public void close() {
        file.close();
    }
}
