package io.github.lift4j.engine.weights;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.stream.LongStream;
import org.bytedeco.pytorch.global.torch.ScalarType;

/**
 * Turns one stored tensor into floats in native memory. The tensor is cut into pieces of whole blocks that all cores
 * decode in small arrays that stay in their caches, so that neither a float copy of the tensor nor the file's bytes
 * ever stand on the heap.
 */
final class Dequantizer {

    private static final int PIECE_ELEMENTS = 16 * 1024;

    /** Pieces that one task decodes with the same arrays. */
    private static final int PIECES_PER_TASK = 8;

    private final MappedFile file;
    private final GgufHeader.Entry entry;
    private final ScalarType target;
    private final RowOrder order;
    private final long rowElements;
    private final long rows;
    private final int pieceElements;
    private final long piecesPerRow;

    /** @param target a type of which {@link #writes} is true */
    Dequantizer(MappedFile file, GgufHeader.Entry entry, ScalarType target, RowOrder order) {
        this.file = file;
        this.entry = entry;
        this.target = target;
        this.order = order;
        long elements = Shapes.elements(entry.shape());
        // Rows that stay in place need not be told apart: blocks never reach across rows.
        this.rows = order == RowOrder.AS_STORED ? 1 : entry.shape()[0];
        this.rowElements = elements / rows;
        this.pieceElements = (int) Math.min(rowElements, PIECE_ELEMENTS);
        this.piecesPerRow = Math.ceilDiv(rowElements, pieceElements);
    }

    /** Whether tensors of this type are written without a detour over floats. */
    static boolean writes(ScalarType type) {
        return type.value == ScalarType.Float.value
                || type.value == ScalarType.BFloat16.value
                || type.value == ScalarType.Half.value;
    }

    void writeTo(MemorySegment memory) {
        long pieces = rows * piecesPerRow;
        LongStream tasks = LongStream.range(0, Math.ceilDiv(pieces, PIECES_PER_TASK));
        tasks.parallel().forEach(task -> {
            long first = task * PIECES_PER_TASK;
            writePieces(first, Math.min(first + PIECES_PER_TASK, pieces), memory);
        });
    }

    private void writePieces(long first, long end, MemorySegment memory) {
        GgmlType type = entry.type();
        byte[] blocks = new byte[pieceElements / type.blockElements() * type.blockBytes()];
        float[] values = new float[pieceElements];
        for (long piece = first; piece < end; piece++) {
            long row = piece / piecesPerRow;
            long column = piece % piecesPerRow * pieceElements;
            int count = (int) Math.min(pieceElements, rowElements - column);
            int blockCount = count / type.blockElements();
            long block = (order.source(row) * rowElements + column) / type.blockElements();
            file.copyTo(entry.offset() + block * type.blockBytes(), blocks, blockCount * type.blockBytes());
            type.decoder().decode(blocks, blockCount, values);
            store(values, count, memory, row * rowElements + column);
        }
    }

    private void store(float[] values, int count, MemorySegment memory, long at) {
        switch (target) {
            case Float -> MemorySegment.copy(values, 0, memory, ValueLayout.JAVA_FLOAT, at * Float.BYTES, count);
            case BFloat16 -> {
                for (int i = 0; i < count; i++) {
                    memory.setAtIndex(ValueLayout.JAVA_SHORT, at + i, bfloat16(values[i]));
                }
            }
            case Half -> {
                for (int i = 0; i < count; i++) {
                    memory.setAtIndex(ValueLayout.JAVA_SHORT, at + i, Float.floatToFloat16(values[i]));
                }
            }
            default -> throw new IllegalArgumentException("Cannot write " + target);
        }
    }

    /** Rounds to nearest even, as libtorch does. */
    private static short bfloat16(float value) {
        int bits = Float.floatToRawIntBits(value);
        if (Float.isNaN(value)) {
            return 0x7FC0;
        }
        return (short) (bits + 0x7FFF + (bits >>> 16 & 1) >>> 16);
    }
}
