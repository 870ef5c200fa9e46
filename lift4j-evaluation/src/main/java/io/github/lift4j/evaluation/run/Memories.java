package io.github.lift4j.evaluation.run;

import io.github.lift4j.Lift;
import io.github.lift4j.absorb.Absorber;
import io.github.lift4j.document.Document;
import io.github.lift4j.engine.Progress;
import io.github.lift4j.memory.Memory;
import io.github.lift4j.recipe.Recipe;
import io.github.lift4j.recipe.RecipeFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.UUID;

/**
 * Makes memories in a folder, each under a name of its own: one that is there is used again, one that was broken off is
 * gone on with.
 *
 * @param lift the base model
 * @param work the folder
 */
public record Memories(Lift lift, Path work) {

    /**
     * A document, absorbed by a recipe, or only laid out to be read where there is none.
     *
     * @return a memory that attaches to no model where there is no recipe
     */
    public Memory of(String title, String text, Optional<Recipe> recipe) {
        try (Document document = Document.of(title, text)) {
            Path folder = work.resolve(name(document, recipe));
            if (recipe.isEmpty()) {
                Recipe unused = RecipeFile.named("fast");
                return new Absorber(lift.model(), Progress.SILENT).unlearned(document, unused, folder);
            }
            if (Files.exists(folder.resolve("memory.json"))) {
                return Memory.open(folder);
            }
            return Files.exists(folder.resolve("absorb.json"))
                    ? lift.resume(folder)
                    : lift.absorb(document, recipe.get(), folder);
        }
    }

    private String name(Document document, Optional<Recipe> recipe) {
        String all = lift.model().hash()
                + lift.model().transformer().type()
                + document.title()
                + document.sha256()
                + recipe.map(RecipeFile::write).orElse("");
        return UUID.nameUUIDFromBytes(all.getBytes(StandardCharsets.UTF_8)).toString();
    }
}
