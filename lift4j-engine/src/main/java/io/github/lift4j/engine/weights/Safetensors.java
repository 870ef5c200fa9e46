package io.github.lift4j.engine.weights;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.lift4j.engine.LiftException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.jspecify.annotations.Nullable;

/**
 * The tensors of one safetensors file, or of all the shards of a checkpoint, memory-mapped.
 *
 * <pre>{@code
 * try (Safetensors adapter = Safetensors.open(folder.resolve("adapter_model.safetensors"))) {
 *     for (String name : adapter.names()) {
 *         Tensor tensor = adapter.read(name, ScalarType.Float);
 *     }
 * }
 * }</pre>
 *
 * <p>Opening reads and checks the headers only; each {@link #read} then loads one tensor. Several threads may read at
 * once; none may be reading when it is closed. What was read does not depend on the file staying open.
 */
public final class Safetensors implements AutoCloseable {

    static final String SINGLE = "model.safetensors";
    static final String INDEX = "model.safetensors.index.json";

    private final Path path;
    private final List<MappedFile> files;
    private final Map<String, Stored> tensors;
    private final Map<String, String> metadata;
    private volatile @Nullable String hash;

    /** A tensor and the file that holds it. */
    private record Stored(MappedFile file, SafetensorsHeader.Entry entry) {}

    private Safetensors(Path path, List<MappedFile> files, Map<String, Stored> tensors, Map<String, String> metadata) {
        this.path = path;
        this.files = files;
        this.tensors = Collections.unmodifiableMap(tensors);
        this.metadata = Collections.unmodifiableMap(metadata);
    }

    /**
     * Opens a {@code .safetensors} file, a {@code model.safetensors.index.json} with its shards, or a folder that holds
     * {@code model.safetensors} or such an index.
     *
     * @throws LiftException where there is no such file, or one that is truncated, damaged or unreadable
     */
    public static Safetensors open(Path path) {
        if (Files.isDirectory(path)) {
            return openFolder(path);
        }
        return path.toString().endsWith(".json") ? openShards(path) : openFile(path);
    }

    /** Whether {@link #open} would find weights in this folder. */
    static boolean isIn(Path folder) {
        return Files.exists(folder.resolve(SINGLE)) || Files.exists(folder.resolve(INDEX));
    }

    private static Safetensors openFolder(Path folder) {
        if (Files.exists(folder.resolve(SINGLE))) {
            return openFile(folder.resolve(SINGLE));
        }
        if (Files.exists(folder.resolve(INDEX))) {
            return openShards(folder.resolve(INDEX));
        }
        if (Files.exists(folder.resolve("pytorch_model.bin"))
                || Files.exists(folder.resolve("pytorch_model.bin.index.json"))) {
            throw new LiftException("The model in " + folder + " has its weights in pytorch_model.bin only, a format"
                    + " that can run code when it is read; convert it to safetensors or choose a revision that has"
                    + " model.safetensors.");
        }
        throw new LiftException("There are no weights in " + folder + " (neither " + SINGLE + " nor " + INDEX
                + "); download the model again or choose another folder.");
    }

    private static Safetensors openFile(Path path) {
        MappedFile file = MappedFile.open(path);
        try {
            SafetensorsHeader header = SafetensorsHeader.read(file);
            Map<String, Stored> tensors = new LinkedHashMap<>();
            header.tensors().forEach((name, entry) -> tensors.put(name, new Stored(file, entry)));
            return new Safetensors(path, List.of(file), tensors, header.metadata());
        } catch (RuntimeException e) {
            file.close();
            throw e;
        }
    }

    private static Safetensors openShards(Path index) {
        Map<String, String> fileOfTensor = weightMap(index);
        Map<String, Safetensors> shards = new TreeMap<>();
        try {
            Map<String, Stored> tensors = new LinkedHashMap<>();
            fileOfTensor.forEach((name, fileName) -> {
                Safetensors shard =
                        shards.computeIfAbsent(fileName, missing -> openFile(index.resolveSibling(missing)));
                tensors.put(name, shard.stored(name));
            });
            List<MappedFile> files = shards.values().stream()
                    .map(shard -> shard.files.getFirst())
                    .toList();
            Map<String, String> metadata = shards.values().iterator().next().metadata;
            return new Safetensors(index, files, tensors, metadata);
        } catch (RuntimeException e) {
            shards.values().forEach(Safetensors::close);
            throw e;
        }
    }

    private static Map<String, String> weightMap(Path index) {
        JsonNode weightMap = JsonFile.read(index).path("weight_map");
        Map<String, String> fileOfTensor = new LinkedHashMap<>();
        weightMap.properties().forEach(entry -> {
            String file = entry.getValue().asText();
            if (!file.endsWith(".safetensors") || !isPlainName(file)) {
                throw new LiftException(index + " names the shard '" + file
                        + "', which is not a safetensors file beside it; download the model again.");
            }
            fileOfTensor.put(entry.getKey(), file);
        });
        if (fileOfTensor.isEmpty()) {
            throw new LiftException(index + " lists no tensors; download the model again.");
        }
        return fileOfTensor;
    }

    /** Whether a name from a file can only mean a file in the same folder. */
    private static boolean isPlainName(String file) {
        return file.chars().noneMatch(c -> c == '/' || c == '\\' || c == ':' || c < ' ');
    }

    /** The names of all tensors, in the file's order. */
    public Set<String> names() {
        return tensors.keySet();
    }

    /** The texts the writer left in the header, {@code {"format": "pt"}} as a rule; of the first shard if sharded. */
    public Map<String, String> metadata() {
        return metadata;
    }

    /**
     * The shape of a tensor; empty for a scalar.
     *
     * @throws LiftException where there is no tensor of this name
     */
    public long[] shape(String name) {
        return stored(name).entry().shape().clone();
    }

    /**
     * How the file stores a tensor.
     *
     * @throws LiftException where there is no tensor of this name
     */
    public DType type(String name) {
        return stored(name).entry().type();
    }

    /**
     * Loads a tensor as it is stored: contiguous, in main memory, to be closed by the caller (or by the caller's
     * {@code PointerScope}).
     *
     * @throws LiftException where there is no tensor of this name or not enough memory for it
     */
    public Tensor read(String name) {
        Stored stored = stored(name);
        SafetensorsHeader.Entry entry = stored.entry();
        Tensor tensor = CpuTensor.allocate(name, entry.shape(), entry.type().scalarType());
        return CpuTensor.filled(tensor, memory -> stored.file().copyTo(entry.offset(), memory));
    }

    /**
     * Loads a tensor and converts it to {@code type}, rounding to nearest even; otherwise as {@link #read(String)}.
     */
    public Tensor read(String name, ScalarType type) {
        return CpuTensor.converted(read(name), type);
    }

    /** SHA-256 of the weight files, see {@link Checkpoint#hash()}; computed at the first call. */
    public String hash() {
        String known = hash;
        if (known == null) {
            known = WeightsHash.of(files);
            hash = known;
        }
        return known;
    }

    private Stored stored(String name) {
        Stored stored = tensors.get(name);
        if (stored == null) {
            throw new LiftException("There is no tensor " + name + " in " + path
                    + "; the file is incomplete or of another kind of model: download it again or choose another.");
        }
        return stored;
    }

    @Override
    public void close() {
        files.forEach(MappedFile::close);
    }
}
