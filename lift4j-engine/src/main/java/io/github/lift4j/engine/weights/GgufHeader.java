package io.github.lift4j.engine.weights;

import io.github.lift4j.engine.LiftException;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The first part of a GGUF file, versions 2 and 3: metadata, then what is known of every tensor.
 *
 * @param pairs where in the file each key stands with its value
 */
record GgufHeader(GgufMetadata metadata, Map<String, Range> pairs, Map<String, Entry> tensors) {

    private static final int MAGIC = 0x46554747; // "GGUF", read as a little-endian int
    private static final int MAX_KEYS = 1 << 16;
    private static final int MAX_TENSORS = 1 << 18;
    private static final int MAX_DIMENSIONS = 4;
    private static final long DEFAULT_ALIGNMENT = 32;
    private static final long MAX_ALIGNMENT = 1 << 20;

    /**
     * One tensor of the file.
     *
     * @param shape outermost dimension first, as everywhere but in the file
     * @param offset of its first byte from the start of the file
     * @param bytes it takes there
     */
    record Entry(GgmlType type, long[] shape, long offset, long bytes) {}

    /** Bytes of the file, the end excluded. */
    record Range(long start, long end) {}

    static GgufHeader read(MappedFile file) {
        GgufCursor cursor = new GgufCursor(file);
        checkVersion(cursor);
        long tensors = cursor.count(MAX_TENSORS, "tensors");
        long keys = cursor.count(MAX_KEYS, "metadata keys");
        Map<String, Range> pairs = new LinkedHashMap<>();
        GgufMetadata metadata = metadata(cursor, keys, pairs);
        if (metadata.integer("split.count").orElse(1) > 1) {
            throw new LiftException(file.path() + " is one part of several; merge them with llama.cpp's"
                    + " 'llama-gguf-split --merge' and give the merged file.");
        }
        return new GgufHeader(metadata, pairs, tensors(cursor, tensors, alignment(cursor, metadata)));
    }

    private static void checkVersion(GgufCursor cursor) {
        if (cursor.int32() != MAGIC) {
            throw new LiftException(
                    cursor.path() + " is not a GGUF file (it does not start with 'GGUF'); choose another file.");
        }
        int version = cursor.int32();
        if (version != 2 && version != 3) {
            boolean bigEndian = Integer.reverseBytes(version) == 2 || Integer.reverseBytes(version) == 3;
            throw new LiftException(cursor.path() + " is a GGUF file "
                    + (bigEndian ? "for big-endian machines" : "of version " + Integer.toUnsignedString(version))
                    + "; only little-endian files of version 2 or 3 can be read, so convert or download it anew.");
        }
    }

    private static GgufMetadata metadata(GgufCursor cursor, long keys, Map<String, Range> pairs) {
        Map<String, Object> values = new LinkedHashMap<>();
        for (long i = 0; i < keys; i++) {
            long start = cursor.position();
            String key = cursor.string();
            if (values.put(key, cursor.value()) != null) {
                throw cursor.damaged("the key " + key + " stands twice");
            }
            pairs.put(key, new Range(start, cursor.position()));
        }
        return new GgufMetadata(cursor.path(), values);
    }

    private static long alignment(GgufCursor cursor, GgufMetadata metadata) {
        long alignment = metadata.integer("general.alignment").orElse(DEFAULT_ALIGNMENT);
        if (alignment <= 0 || alignment > MAX_ALIGNMENT || Long.bitCount(alignment) != 1) {
            throw cursor.damaged("its alignment is " + alignment);
        }
        return alignment;
    }

    private static Map<String, Entry> tensors(GgufCursor cursor, long count, long alignment) {
        Map<String, Entry> relative = new LinkedHashMap<>();
        for (long i = 0; i < count; i++) {
            String name = cursor.string();
            if (relative.put(name, entry(cursor, name, alignment)) != null) {
                throw cursor.damaged("the tensor " + name + " stands twice");
            }
        }
        long dataStart = Math.ceilDiv(cursor.position(), alignment) * alignment;
        Map<String, Entry> tensors = new LinkedHashMap<>();
        relative.forEach((name, entry) -> tensors.put(name, placed(cursor, name, entry, dataStart)));
        checkOverlap(cursor, tensors);
        return tensors;
    }

    private static Entry entry(GgufCursor cursor, String name, long alignment) {
        int dimensions = cursor.int32();
        if (dimensions < 1 || dimensions > MAX_DIMENSIONS) {
            throw cursor.damaged("the tensor " + name + " has an impossible shape");
        }
        long[] shape = new long[dimensions];
        for (int i = dimensions - 1; i >= 0; i--) { // the file has the innermost dimension first
            shape[i] = cursor.int64();
        }
        int typeId = cursor.int32();
        long offset = cursor.int64();
        GgmlType type = GgmlType.withId(typeId)
                .orElseThrow(() -> new LiftException("The tensor " + name + " in "
                        + cursor.path() + " is stored as " + GgmlType.nameOf(typeId)
                        + ", which cannot be read; choose the model's Q4_K_M, Q5_K_M, Q6_K, Q8_0, Q4_0 or F16 file."));
        if (offset < 0 || offset % alignment != 0) {
            throw cursor.damaged("the tensor " + name + " lies outside the file");
        }
        return new Entry(type, shape, offset, bytes(cursor, name, type, shape));
    }

    private static long bytes(GgufCursor cursor, String name, GgmlType type, long[] shape) {
        long columns = shape[shape.length - 1];
        for (long dimension : shape) {
            if (dimension <= 0) {
                throw cursor.damaged("the tensor " + name + " has an impossible shape");
            }
        }
        if (columns % type.blockElements() != 0) {
            throw cursor.damaged("the rows of the tensor " + name + " do not hold whole blocks of " + type);
        }
        try {
            return Math.multiplyExact(Shapes.elements(shape) / type.blockElements(), type.blockBytes());
        } catch (ArithmeticException e) {
            throw cursor.damaged("the tensor " + name + " has an impossible shape");
        }
    }

    private static Entry placed(GgufCursor cursor, String name, Entry relative, long dataStart) {
        long room = cursor.size() - dataStart;
        if (relative.bytes() > room || relative.offset() > room - relative.bytes()) {
            throw cursor.damaged("the tensor " + name + " lies outside the file");
        }
        return new Entry(relative.type(), relative.shape(), dataStart + relative.offset(), relative.bytes());
    }

    private static void checkOverlap(GgufCursor cursor, Map<String, Entry> tensors) {
        List<Entry> byOffset = tensors.values().stream()
                .sorted(Comparator.comparingLong(Entry::offset))
                .toList();
        for (int i = 1; i < byOffset.size(); i++) {
            Entry before = byOffset.get(i - 1);
            if (byOffset.get(i).offset() < before.offset() + before.bytes()) {
                throw cursor.damaged("two of its tensors overlap");
            }
        }
    }
}
