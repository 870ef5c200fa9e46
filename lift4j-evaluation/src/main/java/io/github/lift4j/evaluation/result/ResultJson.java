package io.github.lift4j.evaluation.result;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.datatype.jdk8.Jdk8Module;

/** How units and findings are written: one JSON object on one line, the same for equal values. */
final class ResultJson {

    static final ObjectMapper MAPPER = JsonMapper.builder()
            .addModule(new Jdk8Module())
            .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
            .enable(SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS)
            .build();

    private ResultJson() {}

    static String write(Unit unit) {
        return write(Unit.class, unit);
    }

    static String write(Finding finding) {
        return write(Finding.class, finding);
    }

    static Unit unit(String json) throws JacksonException {
        return MAPPER.readValue(json, Unit.class);
    }

    static Finding finding(String json) throws JacksonException {
        return MAPPER.readValue(json, Finding.class);
    }

    private static <T> String write(Class<T> type, T value) {
        try {
            return MAPPER.writerFor(type).writeValueAsString(value);
        } catch (JacksonException e) {
            throw new IllegalStateException("a result could not be written", e);
        }
    }
}
