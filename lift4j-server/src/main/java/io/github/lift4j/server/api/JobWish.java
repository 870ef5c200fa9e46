package io.github.lift4j.server.api;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.lift4j.recipe.Recipe;
import io.github.lift4j.server.http.ApiException;
import io.github.lift4j.server.http.RequestBody;
import io.github.lift4j.server.store.Job;
import io.github.lift4j.server.store.Store;
import io.github.lift4j.server.store.Tenant;
import io.github.lift4j.server.work.JobWorker;
import io.github.lift4j.server.work.Recipes;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/** Reads what kind of job a caller wants. */
record JobWish(BaseModel base, Recipes recipes) {

    /** The one method of fine-tuning here. */
    static final String METHOD = "lift";

    private static final Pattern SUFFIX = Pattern.compile("[A-Za-z0-9][A-Za-z0-9-]{0,39}");
    private static final int MOST_PAIRS = 16;
    private static final int LONGEST_KEY = 64;
    private static final int LONGEST_VALUE = 512;

    /** What the body of a request says; nothing of it is looked up yet but the model and the recipe. */
    Job.Wish read(RequestBody body) {
        String model = body.text("model");
        if (!base.is(model)) {
            throw ApiException.missing(
                    "model_not_found",
                    "model",
                    "Documents are absorbed by " + base.id() + " here, not by '" + model + "'.");
        }
        String file = body.text("training_file");
        Recipe recipe = recipe(body);
        long seed = body.integer("seed", 0, Integer.MAX_VALUE).orElse(recipe.seed());
        Optional<String> suffix = body.optionalText("suffix");
        if (suffix.isPresent() && !SUFFIX.matcher(suffix.get()).matches()) {
            throw ApiException.invalid("suffix", "'suffix' must be 1 to 40 letters, digits and hyphens.");
        }
        String metadata = body.field("metadata").map(JobWish::metadata).orElse("{}");
        body.only("integrations", List.of());
        body.end();
        return new Job.Wish(base.id(), JobWorker.base(base.model()), file, suffix, recipe.name(), seed, metadata);
    }

    /** Refuses a wish whose file is not the tenant's. */
    static void requireFile(Store store, Tenant tenant, Job.Wish wish) {
        if (store.files().find(tenant, wish.file()).isEmpty()) {
            throw ApiException.invalid("training_file", "There is no file '" + wish.file() + "': upload it first.");
        }
    }

    private Recipe recipe(RequestBody body) {
        Optional<RequestBody> method = body.object("method");
        if (method.isEmpty()) {
            return recipes.usual();
        }
        String type = method.get().text("type");
        if (!type.equals(METHOD)) {
            throw ApiException.invalid(
                    "method.type",
                    "Documents are absorbed by the method '" + METHOD + "' here, not by '" + type + "'.");
        }
        Optional<RequestBody> lift = method.get().object(METHOD);
        Optional<String> name = lift.flatMap(fields -> fields.optionalText("recipe"));
        lift.ifPresent(RequestBody::end);
        method.get().end();
        return name.map(this::named).orElseGet(recipes::usual);
    }

    private Recipe named(String name) {
        return recipes.named(name)
                .orElseThrow(() -> ApiException.invalid(
                        "method.lift.recipe",
                        "There is no recipe '" + name + "': use " + String.join(", ", recipes.names()) + "."));
    }

    private static String metadata(JsonNode value) {
        boolean fits = value.isObject()
                && value.size() <= MOST_PAIRS
                && value.properties().stream()
                        .allMatch(pair -> pair.getKey().length() <= LONGEST_KEY
                                && pair.getValue().isTextual()
                                && pair.getValue().textValue().length() <= LONGEST_VALUE);
        if (!fits) {
            throw ApiException.invalid(
                    "metadata",
                    "'metadata' must be an object of at most " + MOST_PAIRS + " texts, keys of at most " + LONGEST_KEY
                            + " and values of at most " + LONGEST_VALUE + " characters.");
        }
        return value.toString();
    }
}
