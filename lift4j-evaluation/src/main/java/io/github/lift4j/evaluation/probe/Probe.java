package io.github.lift4j.evaluation.probe;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;

/** The fixed set: 20 instructions and 40 questions, easy enough for a model of a hundred million weights. */
public final class Probe {

    private static final List<ProbeItem> ITEMS = load();

    private Probe() {}

    /** All items, always the same and in the same order. */
    public static List<ProbeItem> items() {
        return ITEMS;
    }

    private static List<ProbeItem> load() {
        try (InputStream in = Probe.class.getResourceAsStream("items.json")) {
            return List.copyOf(new ObjectMapper().readValue(in, new TypeReference<List<ProbeItem>>() {}));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
