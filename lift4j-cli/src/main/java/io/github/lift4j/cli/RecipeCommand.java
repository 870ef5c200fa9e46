package io.github.lift4j.cli;

import io.github.lift4j.recipe.Recipe;
import io.github.lift4j.recipe.RecipeFile;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code lift recipe}: what a recipe says. */
@Command(
        name = "recipe",
        mixinStandardHelpOptions = true,
        description = "Shows recipes, as a file to change and give to absorb.",
        footer = {
            "",
            "Example:",
            "  lift recipe show self-study > mine.yaml",
            "  lift absorb book.pdf --recipe mine.yaml"
        })
final class RecipeCommand implements Runnable {

    @Spec
    private CommandSpec spec;

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "recipe needs one of: list, show.");
    }

    @Command(description = "Lists the recipes that come with lift4j.", mixinStandardHelpOptions = true)
    int list(@Mixin OutputOptions output) {
        output.print(Map.of("recipes", RecipeFile.NAMED), String.join(System.lineSeparator(), RecipeFile.NAMED));
        return 0;
    }

    @Command(description = "Prints a recipe with every setting.", mixinStandardHelpOptions = true)
    int show(
            @Parameters(paramLabel = "NAME|FILE", description = "A name that list shows, or a YAML file.") String name,
            @Mixin OutputOptions output) {
        Recipe recipe = RecipeFile.read(name);
        String yaml = RecipeFile.write(recipe);
        output.print(Map.of("name", recipe.name(), "recipe", yaml), yaml.stripTrailing());
        return 0;
    }
}
