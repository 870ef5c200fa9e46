package io.github.lift4j.server.api;

import io.github.lift4j.recipe.Recipe;
import io.github.lift4j.server.http.ApiException;
import io.github.lift4j.server.http.Json;
import io.github.lift4j.server.http.RequestBody;
import io.github.lift4j.server.http.Route;
import io.github.lift4j.server.store.Job;
import io.github.lift4j.server.store.Store;
import io.github.lift4j.server.store.Tenant;
import io.github.lift4j.server.work.Estimate;
import io.github.lift4j.server.work.Estimates;
import io.github.lift4j.server.work.Recipes;
import io.javalin.http.Context;
import java.util.List;
import java.util.Locale;

/** {@code /v1/lift/estimates}: how long a job would take, which is not OpenAI's. */
public final class EstimatesApi {

    /** Seconds after which a document that was being read may be. */
    private static final int RETRY = 5;

    private final Caller caller;
    private final Store store;
    private final Estimates estimates;
    private final Recipes recipes;
    private final JobWish wish;

    public EstimatesApi(Caller caller, Store store, Estimates estimates, BaseModel base, Recipes recipes) {
        this.caller = caller;
        this.store = store;
        this.estimates = estimates;
        this.recipes = recipes;
        this.wish = new JobWish(base, recipes);
    }

    public List<Route> routes() {
        return List.of(Route.post("/v1/lift/estimates", this::estimate));
    }

    /** An estimate as the API gives it. */
    private record EstimateView(
            String object,
            String trainingFile,
            String recipe,
            long tokens,
            double seconds,
            String tasks,
            String basis,
            int jobs) {

        static EstimateView of(String file, Estimate estimate) {
            return new EstimateView(
                    "lift.estimate",
                    file,
                    estimate.recipe().name(),
                    estimate.tokens(),
                    estimate.seconds(),
                    estimate.tasks().name().toLowerCase(Locale.ROOT),
                    estimate.jobs() > 0 ? "finished_jobs" : "measurement",
                    estimate.jobs());
        }
    }

    /** Takes what would make a job, and makes none. */
    private void estimate(Context request) {
        Tenant tenant = caller.of(request);
        Job.Wish wanted = wish.read(RequestBody.of(request));
        JobWish.requireFile(store, tenant, wanted);
        Recipe recipe = recipes.named(wanted.recipe()).orElseThrow();
        Estimate estimate = estimates
                .of(tenant, wanted.file(), recipe)
                .orElseThrow(() -> ApiException.busy("Other documents are being read: try again.", RETRY));
        Json.send(request, EstimateView.of(wanted.file(), estimate));
    }
}
