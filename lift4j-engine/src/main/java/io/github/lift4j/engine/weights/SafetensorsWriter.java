package io.github.lift4j.engine.weights;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.lift4j.engine.AtomicFile;
import io.github.lift4j.engine.LiftException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch.ScalarType;

/**
 * Writes tensors to one safetensors file that Python's {@code safetensors} and PEFT read.
 *
 * <pre>{@code
 * new SafetensorsWriter()
 *         .add("base_model.model.lm_head.lora_A.weight", a)
 *         .add("base_model.model.lm_head.lora_B.weight", ScalarType.BFloat16, shape, () -> merged(layer))
 *         .write(folder.resolve("adapter_model.safetensors"));
 * }</pre>
 *
 * <p>One tensor at a time is fetched, converted and written, so that writing a model takes little more memory than its
 * largest tensor. The file appears under its name only when it is complete and on disk; a failure leaves what was there
 * before. Not thread-safe.
 */
public final class SafetensorsWriter {

    private static final int HEADER_ALIGNMENT = 8;

    private final Map<String, Pending> tensors = new LinkedHashMap<>();
    private final Map<String, String> metadata = new LinkedHashMap<>(Map.of("format", "pt"));

    private record Pending(PendingTensor made, DType type) {

        String name() {
            return made.name();
        }

        long bytes() {
            return Math.multiplyExact(made.elements(), type.bytes());
        }
    }

    /**
     * Adds a tensor in its own type. It stays the caller's, and must stay open and unchanged until {@link #write} has
     * returned.
     *
     * @throws IllegalArgumentException where the name was added before or safetensors cannot store the type
     */
    public SafetensorsWriter add(String name, Tensor tensor) {
        return add(name, tensor.scalar_type(), CpuTensor.shape(tensor), () -> tensor);
    }

    /**
     * Adds a tensor that is made when its turn comes. {@code tensor} is called once, in {@link #write}, within a
     * {@code PointerScope} that releases what it makes as soon as it is written; a tensor that lived before stays the
     * caller's. It may be on any device, of any layout and of another type than the stored one.
     *
     * @param type to store it in
     * @param shape that the made tensor will have
     * @throws IllegalArgumentException where the name was added before or safetensors cannot store the type
     */
    public SafetensorsWriter add(String name, ScalarType type, long[] shape, Supplier<Tensor> tensor) {
        Pending pending = new Pending(new PendingTensor(name, shape.clone(), tensor), DType.of(type));
        if (name.equals("__metadata__") || tensors.putIfAbsent(name, pending) != null) {
            throw new IllegalArgumentException("A tensor named " + name + " cannot be added (again)");
        }
        return this;
    }

    /** Adds a text to the header, beside {@code "format": "pt"}. */
    public SafetensorsWriter metadata(String key, String value) {
        metadata.put(key, value);
        return this;
    }

    /**
     * Writes all tensors, replacing {@code file} if it exists. The folder must exist.
     *
     * @throws LiftException where the file cannot be written (no space, no permission) or the thread is interrupted;
     *     {@code file} is then as it was
     */
    public void write(Path file) {
        List<Pending> ordered = aligned();
        ByteBuffer header = header(ordered);
        AtomicFile.writeRaw(file, channel -> {
            PendingTensor.writeFully(channel, header);
            for (Pending tensor : ordered) {
                tensor.made().write(channel, tensor.type().scalarType());
            }
        });
    }

    /** Widest types first, as the reference implementation does, so that every tensor starts at a multiple of its. */
    private List<Pending> aligned() {
        return tensors.values().stream()
                .sorted(Comparator.comparing((Pending tensor) -> -tensor.type().bytes())
                        .thenComparing(Pending::name))
                .toList();
    }

    private ByteBuffer header(List<Pending> ordered) {
        ObjectNode root = JsonNodeFactory.instance.objectNode();
        metadata.forEach(root.putObject("__metadata__")::put);
        long offset = 0;
        for (Pending tensor : ordered) {
            ObjectNode entry = root.putObject(tensor.name());
            entry.put("dtype", tensor.type().name());
            ArrayNode shape = entry.putArray("shape");
            Arrays.stream(tensor.made().shape()).forEach(shape::add);
            entry.putArray("data_offsets").add(offset).add(offset + tensor.bytes());
            offset += tensor.bytes();
        }
        byte[] json = root.toString().getBytes(StandardCharsets.UTF_8);
        int padded = Math.ceilDiv(json.length, HEADER_ALIGNMENT) * HEADER_ALIGNMENT;
        byte[] text = Arrays.copyOf(json, padded);
        Arrays.fill(text, json.length, padded, (byte) ' ');
        return ByteBuffer.allocate(Long.BYTES + padded)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(padded)
                .put(text)
                .flip();
    }
}
