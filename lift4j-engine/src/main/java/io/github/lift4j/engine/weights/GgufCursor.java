package io.github.lift4j.engine.weights;

import io.github.lift4j.engine.LiftException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Reads a GGUF header from front to back. Every length is held against what is left of the file before anything is
 * allocated for it.
 */
final class GgufCursor {

    /** The largest vocabularies take about 20 MB; beyond this a damaged count would ask for the whole heap. */
    private static final long MAX_HEADER_BYTES = 128L << 20;

    private static final int MAX_NESTING = 4;
    private static final int WINDOW_BYTES = 1 << 16;

    private final MappedFile file;
    private final long limit;
    private final byte[] window = new byte[WINDOW_BYTES];
    private long windowStart;
    private int windowLength;
    private long position;

    GgufCursor(MappedFile file) {
        this.file = file;
        this.limit = Math.min(file.size(), MAX_HEADER_BYTES);
    }

    Path path() {
        return file.path();
    }

    long size() {
        return file.size();
    }

    long position() {
        return position;
    }

    LiftException damaged(String what) {
        return new LiftException(path() + " is truncated or damaged (" + what + "); download or copy it again.");
    }

    /** A count of things that follow, at most {@code max}. */
    long count(long max, String things) {
        long count = int64();
        if (count < 0 || count > max) {
            throw damaged("it claims to have " + Long.toUnsignedString(count) + " " + things);
        }
        return count;
    }

    int int8() {
        int at = require(1);
        return window[at];
    }

    short int16() {
        return (short) BlockDecoder.SHORT.get(window, require(Short.BYTES));
    }

    int int32() {
        return (int) BlockDecoder.INT.get(window, require(Integer.BYTES));
    }

    long int64() {
        return int32() & 0xFFFF_FFFFL | (long) int32() << 32;
    }

    /** Where in the window the next {@code bytes} (a few) stand; they count as read. */
    private int require(int bytes) {
        checkRoom(bytes);
        if (position + bytes > windowStart + windowLength) {
            windowStart = position;
            windowLength = (int) Math.min(window.length, limit - position);
            file.copyTo(windowStart, window, windowLength);
        }
        int at = (int) (position - windowStart);
        position += bytes;
        return at;
    }

    private void checkRoom(long bytes) {
        if (bytes > limit - position) {
            throw damaged("it ends within its header");
        }
    }

    String string() {
        long length = int64();
        if (length < 0) {
            throw damaged("it ends within its header");
        }
        checkRoom(length);
        if (length <= window.length) {
            int at = require((int) length);
            return new String(window, at, (int) length, StandardCharsets.UTF_8);
        }
        byte[] bytes = new byte[(int) length];
        file.copyTo(position, bytes, bytes.length);
        position += length;
        return new String(bytes, StandardCharsets.UTF_8);
    }

    /** A metadata value: Long, Double, Float, Boolean, String, or an array of them (see {@link #array}). */
    Object value() {
        return value(int32(), 0);
    }

    private Object value(int type, int nesting) {
        return switch (type) {
            case 0 -> (long) (int8() & 0xFF);
            case 1 -> (long) int8();
            case 2 -> (long) (int16() & 0xFFFF);
            case 3 -> (long) int16();
            case 4 -> int32() & 0xFFFF_FFFFL;
            case 5 -> (long) int32();
            case 6 -> Float.intBitsToFloat(int32());
            case 7 -> int8() != 0;
            case 8 -> string();
            case 9 -> array(nesting);
            case 10, 11 -> int64();
            case 12 -> Double.longBitsToDouble(int64());
            default -> throw damaged("it has metadata of the unknown type " + Integer.toUnsignedString(type));
        };
    }

    /** long[] for integers and booleans, double[] for reals, List for strings and arrays. */
    private Object array(int nesting) {
        if (nesting == MAX_NESTING) {
            throw damaged("its metadata is nested too deeply");
        }
        int type = int32();
        long count = int64();
        int elementBytes = switch (type) {
            case 0, 1, 7 -> 1;
            case 2, 3 -> 2;
            case 4, 5, 6 -> 4;
            case 8, 10, 11, 12 -> 8;
            case 9 -> 12;
            default -> throw damaged("it has metadata of the unknown type " + Integer.toUnsignedString(type));
        };
        if (count < 0 || count > (limit - position) / elementBytes) {
            throw damaged("it ends within its header");
        }
        return switch (type) {
            case 6, 12 -> reals(type, (int) count);
            case 8, 9 -> values(type, (int) count, nesting + 1);
            default -> integers(type, (int) count);
        };
    }

    private long[] integers(int type, int count) {
        long[] values = new long[count];
        for (int i = 0; i < count; i++) {
            values[i] = type == 7 ? int8() != 0 ? 1 : 0 : (long) value(type, 0);
        }
        return values;
    }

    private double[] reals(int type, int count) {
        double[] values = new double[count];
        for (int i = 0; i < count; i++) {
            values[i] = type == 6 ? Float.intBitsToFloat(int32()) : Double.longBitsToDouble(int64());
        }
        return values;
    }

    private List<Object> values(int type, int count, int nesting) {
        List<Object> values = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            values.add(value(type, nesting));
        }
        return values;
    }
}
