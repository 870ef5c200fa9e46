package io.github.lift4j.recipe;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.exc.InvalidTypeIdException;
import com.fasterxml.jackson.databind.exc.UnrecognizedPropertyException;
import com.fasterxml.jackson.databind.exc.ValueInstantiationException;
import com.fasterxml.jackson.dataformat.yaml.YAMLGenerator;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import com.fasterxml.jackson.datatype.jdk8.Jdk8Module;
import io.github.lift4j.engine.LiftException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/** Recipes as people write them: small YAML files, some of which come with the library under a name. */
public final class RecipeFile {

    /** The recipes that come with the library. */
    public static final List<String> NAMED = List.of("fast", "recite", "self-study", "every-sentence", "paper");

    private static final YAMLMapper YAML = YAMLMapper.builder()
            .addModule(new Jdk8Module())
            .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
            .enable(MapperFeature.ACCEPT_CASE_INSENSITIVE_ENUMS)
            .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
            .enable(DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES)
            .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .disable(YAMLGenerator.Feature.WRITE_DOC_START_MARKER)
            .disable(YAMLGenerator.Feature.USE_NATIVE_TYPE_ID)
            .enable(YAMLGenerator.Feature.MINIMIZE_QUOTES)
            .build();

    private RecipeFile() {}

    /**
     * A recipe that comes with the library, or one in a file.
     *
     * @param nameOrPath one of {@link #NAMED}, or the path of a YAML file
     * @throws LiftException where there is none, or it has a key that no recipe knows, lacks one, or has a value out of
     *     range; the sentence names the key
     */
    public static Recipe read(String nameOrPath) {
        if (NAMED.contains(nameOrPath)) {
            return named(nameOrPath);
        }
        Path path = Path.of(nameOrPath);
        if (!Files.isRegularFile(path)) {
            throw new LiftException("There is no recipe '" + nameOrPath + "': use " + String.join(", ", NAMED)
                    + ", or the path of a YAML file such as 'lift recipe show fast' prints.");
        }
        try {
            return parse(Files.readString(path), nameOrPath);
        } catch (IOException e) {
            throw new LiftException("The recipe " + path + " cannot be read: check its permissions.", e);
        }
    }

    /** One of {@link #NAMED}. */
    public static Recipe named(String name) {
        try (InputStream stream = RecipeFile.class.getResourceAsStream(name + ".yaml")) {
            if (stream == null) {
                throw new IllegalStateException("the recipe " + name + " is missing from the library");
            }
            return parse(new String(stream.readAllBytes(), java.nio.charset.StandardCharsets.UTF_8), name);
        } catch (IOException e) {
            throw new IllegalStateException("the recipe " + name + " cannot be read", e);
        }
    }

    /** The recipe as such a file. */
    public static String write(Recipe recipe) {
        try {
            return YAML.writeValueAsString(recipe);
        } catch (JacksonException e) {
            throw new IllegalStateException("a recipe could not be written", e);
        }
    }

    static Recipe parse(String yaml, String origin) {
        try {
            return YAML.readValue(yaml, Recipe.class);
        } catch (ValueInstantiationException e) {
            if (e.getCause() instanceof LiftException refused) {
                throw new LiftException("In the recipe " + origin + ": " + refused.getMessage(), refused);
            }
            throw broken(origin, e.getOriginalMessage(), e);
        } catch (UnrecognizedPropertyException e) {
            List<String> known = e.getKnownPropertyIds().stream()
                    .map(String::valueOf)
                    .sorted()
                    .toList();
            throw broken(origin, "there is no " + where(e) + "; known here are " + String.join(", ", known), e);
        } catch (InvalidTypeIdException e) {
            String kind = e.getTypeId() == null ? "kind is missing" : "there is no kind " + e.getTypeId();
            throw broken(origin, kind + " at " + where(e) + "; known here are " + kinds(e), e);
        } catch (JsonMappingException e) {
            boolean missing = e.getOriginalMessage().startsWith("Missing creator property");
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

    private static LiftException broken(String origin, String what, Exception cause) {
        return new LiftException("The recipe " + origin + " cannot be used (" + what + "): mend it.", cause);
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
