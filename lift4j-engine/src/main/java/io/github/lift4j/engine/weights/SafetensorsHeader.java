package io.github.lift4j.engine.weights;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.github.lift4j.engine.LiftException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The first part of a safetensors file: 8 bytes with the length of a JSON object, then that object, which says of every
 * tensor its type, its shape and where its bytes lie after the header.
 *
 * @param tensors what the file holds, in the header's order
 * @param metadata the free texts under {@code __metadata__}
 */
record SafetensorsHeader(Map<String, Entry> tensors, Map<String, String> metadata) {

    /** The format's own limit; without it a damaged length could ask for any amount of heap. */
    static final long MAX_BYTES = 100_000_000;

    static final int LENGTH_BYTES = Long.BYTES;

    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .build();

    /**
     * One tensor of the file.
     *
     * @param offset of its first byte from the start of the file
     * @param bytes it takes there: the product of its dimensions times the size of one element
     */
    record Entry(DType type, long[] shape, long offset, long bytes) {}

    static SafetensorsHeader read(MappedFile file) {
        long length = length(file);
        byte[] json = new byte[(int) length];
        file.copyTo(LENGTH_BYTES, json, json.length);
        Parser parser = new Parser(file.path(), LENGTH_BYTES + length, file.size());
        SafetensorsHeader header = parser.parse(json);
        parser.checkLayout(header.tensors());
        return header;
    }

    private static long length(MappedFile file) {
        if (file.size() < LENGTH_BYTES) {
            throw damaged(file.path(), "it has only " + file.size() + " bytes");
        }
        byte[] bytes = new byte[LENGTH_BYTES];
        file.copyTo(0, bytes, bytes.length);
        long length = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).getLong();
        if (length < 0 || length > MAX_BYTES) {
            throw damaged(file.path(), "it does not start like a safetensors file");
        }
        if (length > file.size() - LENGTH_BYTES) {
            throw damaged(file.path(), "its header should have " + length + " bytes, but the file has " + file.size());
        }
        return length;
    }

    private static LiftException damaged(Path path, String what) {
        return new LiftException(path + " is truncated or damaged (" + what + "); download or copy it again.");
    }

    /** Reads one header; offsets in it count from {@code dataStart}. */
    private record Parser(Path path, long dataStart, long fileSize) {

        SafetensorsHeader parse(byte[] json) {
            Map<String, Entry> tensors = new LinkedHashMap<>();
            Map<String, String> metadata = new LinkedHashMap<>();
            try (JsonParser parser = JSON.createParser(json)) {
                if (parser.nextToken() != JsonToken.START_OBJECT) {
                    throw damaged(path, "its header is not a JSON object");
                }
                while (parser.nextToken() == JsonToken.FIELD_NAME) {
                    String name = parser.currentName();
                    parser.nextToken();
                    JsonNode value = parser.readValueAsTree();
                    if (name.equals("__metadata__")) {
                        value.properties()
                                .forEach(text -> metadata.put(
                                        text.getKey(), text.getValue().asText()));
                    } else {
                        tensors.put(name, entry(name, value));
                    }
                }
                if (parser.currentToken() != JsonToken.END_OBJECT || parser.nextToken() != null) {
                    throw damaged(path, "its header does not end where it should");
                }
            } catch (IOException e) {
                throw new LiftException(
                        path + " is truncated or damaged (its header is not valid JSON); download or copy it again.",
                        e);
            }
            return new SafetensorsHeader(tensors, metadata);
        }

        private Entry entry(String name, JsonNode value) {
            String stored = value.path("dtype").asText();
            DType type = DType.named(stored)
                    .orElseThrow(() -> new LiftException("The tensor " + name + " in " + path + " has the type '"
                            + stored + "', which cannot be read; choose the model's BF16 or F32 files."));
            long[] shape = naturals(name, value.path("shape"));
            long[] range = naturals(name, value.path("data_offsets"));
            if (range.length != 2 || range[0] > range[1] || range[1] > fileSize - dataStart) {
                throw damaged(path, "the tensor " + name + " lies outside the file");
            }
            long bytes = range[1] - range[0];
            if (bytes != bytes(name, type, shape)) {
                throw damaged(path, "the size of the tensor " + name + " does not match its shape");
            }
            return new Entry(type, shape, dataStart + range[0], bytes);
        }

        private long[] naturals(String name, JsonNode array) {
            if (!array.isArray()) {
                throw damaged(path, "the tensor " + name + " is not described in full");
            }
            long[] values = new long[array.size()];
            for (int i = 0; i < values.length; i++) {
                JsonNode value = array.get(i);
                if (!value.isIntegralNumber() || !value.canConvertToLong() || value.longValue() < 0) {
                    throw damaged(path, "the tensor " + name + " has an impossible shape or place");
                }
                values[i] = value.longValue();
            }
            return values;
        }

        private long bytes(String name, DType type, long[] shape) {
            try {
                return Math.multiplyExact(Shapes.elements(shape), type.bytes());
            } catch (ArithmeticException e) {
                throw new LiftException(
                        path + " is damaged (the tensor " + name + " has an impossible shape); download it again.", e);
            }
        }

        /** The format allows neither overlaps nor gaps, and nothing after the last tensor. */
        void checkLayout(Map<String, Entry> tensors) {
            List<Map.Entry<String, Entry>> byOffset = new ArrayList<>(tensors.entrySet());
            byOffset.sort(Comparator.comparingLong((Map.Entry<String, Entry> tensor) ->
                            tensor.getValue().offset())
                    .thenComparingLong(tensor -> tensor.getValue().bytes()));
            long end = dataStart;
            for (Map.Entry<String, Entry> tensor : byOffset) {
                if (tensor.getValue().offset() != end) {
                    throw damaged(path, "the tensor " + tensor.getKey() + " does not follow the one before it");
                }
                end += tensor.getValue().bytes();
            }
            if (end != fileSize) {
                throw damaged(path, (fileSize - end) + " bytes follow its last tensor");
            }
        }
    }
}
