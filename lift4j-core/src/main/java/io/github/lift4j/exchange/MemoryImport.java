package io.github.lift4j.exchange;

import io.github.lift4j.engine.LiftException;
import io.github.lift4j.engine.adapter.LoraSettings;
import io.github.lift4j.engine.exchange.AdapterImport;
import io.github.lift4j.engine.model.StoredModel;
import io.github.lift4j.memory.Memory;
import io.github.lift4j.recipe.AdapterSettings;
import io.github.lift4j.recipe.Recipe;
import io.github.lift4j.recipe.RecipeFile;
import java.nio.file.Path;
import java.util.Optional;

/** Makes a memory of an adapter that was trained elsewhere. It has no document, so only modes without one can use it. */
public final class MemoryImport {

    private MemoryImport() {}

    /**
     * Imports an adapter into a new folder.
     *
     * @param adapter a folder that PEFT wrote
     * @throws LiftException where it is no plain LoRA, was made for another base, or the folder is not empty
     */
    public static Memory of(Path adapter, StoredModel base, Path folder) {
        Destination.folder(folder, made -> {
            LoraSettings trained = AdapterImport.copy(adapter, base, made);
            String title = String.valueOf(adapter.toAbsolutePath().normalize().getFileName());
            Memory.writeImported(made, title, base, recipe(trained));
        });
        return Memory.open(folder);
    }

    /** Names the adapter; nothing else of it was ever used. */
    private static Recipe recipe(LoraSettings trained) {
        Recipe fast = RecipeFile.named("fast");
        return new Recipe(
                "imported",
                fast.segments(),
                new AdapterSettings(trained.rank(), trained.alpha(), trained.rankStabilised(), trained.targets()),
                fast.training(),
                Optional.empty(),
                fast.seed());
    }
}
