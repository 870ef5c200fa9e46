package io.github.lift4j.recipe;

import io.github.lift4j.engine.LiftException;
import io.github.lift4j.engine.runtime.ComputeDevice;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Recipes as people write them: small YAML files, some of which come with the library under a name. */
public final class RecipeFile {

    /** The recipes that come with the library. */
    public static final List<String> NAMED = List.of("fast", "recite", "self-study", "every-sentence", "paper");

    /** The one of them after which a model answers best. */
    public static final String BEST = "self-study";

    private static final SettingsFile<Recipe> YAML = new SettingsFile<>(Recipe.class, "recipe", true);

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

    /**
     * What suits a kind of device: the best recipe on a GPU; on a processor the best that absorbs some 12,000 tokens in
     * four minutes. A fixed choice, so that runs repeat.
     */
    public static Recipe defaultFor(ComputeDevice device) {
        return named(
                switch (device) {
                    case ComputeDevice.Cpu cpu -> "fast";
                    case ComputeDevice.Cuda cuda -> BEST;
                });
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
        return YAML.write(recipe);
    }

    static Recipe parse(String yaml, String origin) {
        return YAML.parse(yaml, origin);
    }
}
