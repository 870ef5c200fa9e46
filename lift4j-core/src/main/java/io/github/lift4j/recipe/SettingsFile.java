package io.github.lift4j.recipe;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.exc.InvalidTypeIdException;
import com.fasterxml.jackson.databind.exc.UnrecognizedPropertyException;
import com.fasterxml.jackson.databind.exc.ValueInstantiationException;
import com.fasterxml.jackson.dataformat.yaml.YAMLGenerator;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import com.fasterxml.jackson.datatype.jdk8.Jdk8Module;
import io.github.lift4j.engine.LiftException;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Settings as people write them, YAML, read into a record; a mistake is named by its key.
 *
 * @param type the record
 * @param kind what a person calls such a file, such as {@code recipe}
 * @param complete whether every key must be there; otherwise only those that are marked as required
 */
public record SettingsFile<T>(Class<T> type, String kind, boolean complete) {

    private static final YAMLMapper YAML = YAMLMapper.builder()
            .addModule(new Jdk8Module())
            .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
            .enable(MapperFeature.ACCEPT_CASE_INSENSITIVE_ENUMS)
            .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
            .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .disable(YAMLGenerator.Feature.WRITE_DOC_START_MARKER)
            .disable(YAMLGenerator.Feature.USE_NATIVE_TYPE_ID)
            .enable(YAMLGenerator.Feature.MINIMIZE_QUOTES)
            .build();

    /** The settings as such a file. */
    public String write(T settings) {
        try {
            return YAML.writeValueAsString(settings);
        } catch (JacksonException e) {
            throw new IllegalStateException("a " + kind + " could not be written", e);
        }
    }

    /**
     * Reads settings.
     *
     * @param origin what the person called the file
     * @throws LiftException where there is a key that is not known, one is missing, or a value is none; the sentence names
     *     the key
     */
    public T parse(String yaml, String origin) {
        try {
            ObjectReader reader = YAML.readerFor(type);
            return complete
                    ? reader.with(DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES)
                            .readValue(yaml)
                    : reader.readValue(yaml);
        } catch (ValueInstantiationException e) {
            if (e.getCause() instanceof LiftException refused) {
                throw new LiftException("In the " + kind + " " + origin + ": " + refused.getMessage(), refused);
            }
            throw broken(origin, e.getOriginalMessage(), e);
        } catch (UnrecognizedPropertyException e) {
            List<String> known = e.getKnownPropertyIds().stream()
                    .map(String::valueOf)
                    .sorted()
                    .toList();
            throw broken(origin, "there is no " + where(e) + "; known here are " + String.join(", ", known), e);
        } catch (InvalidTypeIdException e) {
            String found = e.getTypeId() == null ? "kind is missing" : "there is no kind " + e.getTypeId();
            throw broken(origin, found + " at " + where(e) + "; known here are " + kinds(e), e);
        } catch (JsonMappingException e) {
            boolean missing = e.getOriginalMessage().startsWith("Missing");
            throw broken(origin, where(e) + (missing ? " is missing" : ": " + firstLine(e)), e);
        } catch (JacksonException e) {
            throw broken(origin, firstLine(e), e);
        }
    }

    /** The names that the type asked for knows. */
    private static String kinds(InvalidTypeIdException e) {
        JsonSubTypes known = e.getBaseType().getRawClass().getAnnotation(JsonSubTypes.class);
        return Arrays.stream(known.value()).map(JsonSubTypes.Type::name).collect(Collectors.joining(", "));
    }

    private LiftException broken(String origin, String what, Exception cause) {
        return new LiftException("The " + kind + " " + origin + " cannot be used (" + what + "): mend it.", cause);
    }

    private static String where(JsonMappingException e) {
        return e.getPath().stream()
                .map(part -> part.getFieldName() == null ? "[" + part.getIndex() + "]" : part.getFieldName())
                .collect(Collectors.joining("."));
    }

    private static String firstLine(JacksonException e) {
        return e.getOriginalMessage().lines().findFirst().orElse("not YAML");
    }
}
