package io.github.lift4j.server.work;

import io.github.lift4j.engine.runtime.ComputeDevice;
import io.github.lift4j.recipe.Recipe;
import io.github.lift4j.recipe.RecipeFile;
import java.util.List;
import java.util.Optional;

/**
 * The recipes that callers may name: never a path of this machine.
 *
 * @param usual the one where none is named
 */
public record Recipes(List<Recipe> all, Recipe usual) {

    public Recipes {
        all = List.copyOf(all);
    }

    /** Those that come with the library, for a kind of device. */
    public static Recipes forDevice(ComputeDevice device) {
        return new Recipes(RecipeFile.NAMED.stream().map(RecipeFile::named).toList(), RecipeFile.defaultFor(device));
    }

    /** The one of that name. */
    public Optional<Recipe> named(String name) {
        return all.stream().filter(recipe -> recipe.name().equals(name)).findFirst();
    }

    /** Their names. */
    public List<String> names() {
        return all.stream().map(Recipe::name).toList();
    }
}
