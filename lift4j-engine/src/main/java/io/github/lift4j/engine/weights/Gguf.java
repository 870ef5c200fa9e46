package io.github.lift4j.engine.weights;

import io.github.lift4j.engine.LiftException;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.jspecify.annotations.Nullable;

/**
 * A GGUF file of llama.cpp, version 2 or 3, memory-mapped: its metadata and its tensors under their GGUF names
 * ({@code blk.0.attn_q.weight}). Reads F32, F16, BF16, Q4_0, Q4_1, Q5_0, Q5_1, Q8_0, Q4_K, Q5_K and Q6_K; the values
 * are ggml's to the last bit.
 *
 * <p>{@link Checkpoint} gives the same tensors under Hugging Face's names and in its layout. Several threads may read
 * at once; none may be reading when it is closed.
 */
public final class Gguf implements AutoCloseable {

    private final MappedFile file;
    private final GgufMetadata metadata;
    private final Map<String, GgufHeader.Range> pairs;
    private final Map<String, GgufHeader.Entry> tensors;
    private volatile @Nullable String hash;

    private Gguf(MappedFile file, GgufHeader header) {
        this.file = file;
        this.metadata = header.metadata();
        this.pairs = header.pairs();
        this.tensors = Collections.unmodifiableMap(header.tensors());
    }

    /**
     * Opens a file; reads and checks its header only.
     *
     * @throws LiftException where there is no such file, it is no GGUF file, it is truncated or damaged, or it holds a
     *     quantisation that cannot be read
     */
    public static Gguf open(Path path) {
        MappedFile file = MappedFile.open(path);
        try {
            return new Gguf(file, GgufHeader.read(file));
        } catch (RuntimeException e) {
            file.close();
            throw e;
        }
    }

    public Path path() {
        return file.path();
    }

    public GgufMetadata metadata() {
        return metadata;
    }

    /** A metadata key with its value as they stand in the file, for a copy that keeps every number's width. */
    byte[] pair(String key) {
        GgufHeader.Range range = Objects.requireNonNull(pairs.get(key), key);
        byte[] pair = new byte[Math.toIntExact(range.end() - range.start())];
        file.copyTo(range.start(), pair, pair.length);
        return pair;
    }

    /** The names of all tensors, in the file's order. */
    public Set<String> names() {
        return tensors.keySet();
    }

    /**
     * The shape of a tensor, outermost dimension first (the file itself has it the other way round): a linear layer's
     * weight is {@code [out, in]}.
     *
     * @throws LiftException where there is no tensor of this name
     */
    public long[] shape(String name) {
        return entry(name).shape().clone();
    }

    /**
     * ggml's name of how a tensor is stored, such as {@code Q4_K}.
     *
     * @throws LiftException where there is no tensor of this name
     */
    public String type(String name) {
        return entry(name).type().name();
    }

    /**
     * Loads and dequantises a tensor: contiguous, in main memory, to be closed by the caller (or by the caller's
     * {@code PointerScope}).
     *
     * @param type in which to have it; rounded to nearest even from the 32-bit value
     * @throws LiftException where there is no tensor of this name or not enough memory for it
     */
    public Tensor read(String name, ScalarType type) {
        return read(name, type, RowOrder.AS_STORED);
    }

    /** The same with its rows in another order. */
    Tensor read(String name, ScalarType type, RowOrder order) {
        GgufHeader.Entry entry = entry(name);
        if (order != RowOrder.AS_STORED
                && entry.shape().length < 2
                && entry.type().blockElements() > 1) {
            throw new LiftException("The tensor " + name + " in " + path()
                    + " is quantised, which a bias never is; download the file again.");
        }
        // libtorch hands out values that are none of the enum's constants until they are interned
        ScalarType direct = Dequantizer.writes(type) ? type.intern() : ScalarType.Float;
        Tensor tensor = CpuTensor.allocate(name, entry.shape(), direct);
        CpuTensor.filled(tensor, memory -> new Dequantizer(file, entry, direct, order).writeTo(memory));
        return CpuTensor.converted(tensor, type);
    }

    /** SHA-256 of the file, see {@link Checkpoint#hash()}; computed at the first call. */
    public String hash() {
        String known = hash;
        if (known == null) {
            known = WeightsHash.of(List.of(file));
            hash = known;
        }
        return known;
    }

    private GgufHeader.Entry entry(String name) {
        GgufHeader.Entry entry = tensors.get(name);
        if (entry == null) {
            throw new LiftException("There is no tensor " + name + " in " + path()
                    + "; the file is incomplete or of another kind of model: download it again or choose another.");
        }
        return entry;
    }

    @Override
    public void close() {
        file.close();
    }
}
