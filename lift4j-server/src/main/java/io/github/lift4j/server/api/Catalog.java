package io.github.lift4j.server.api;

import io.github.lift4j.answer.Mode;
import io.github.lift4j.engine.LiftException;
import io.github.lift4j.server.http.ApiException;
import io.github.lift4j.server.http.RequestBody;
import io.github.lift4j.server.store.Job;
import io.github.lift4j.server.store.Store;
import io.github.lift4j.server.store.Tenant;
import java.nio.file.Path;
import java.util.Optional;

/** What a caller means by {@code model}: the base, or a memory and the mode in which it answers. */
final class Catalog {

    private static final String USUAL_EVIDENCE = "bm25";

    /**
     * What was chosen.
     *
     * @param tenant whose it is
     * @param name of the memory, or of the base
     * @param memory the memory's folder; empty for the base alone
     * @param mode in which it answers
     * @param evidence where a mode with evidence has it from
     */
    record Choice(Tenant tenant, String name, Optional<Path> memory, Mode mode, String evidence) {

        /** A sentence with the memory's name where it has its folder, which is nobody's business. */
        String named(String sentence) {
            return memory.map(folder -> sentence.replace(folder.toString(), name))
                    .orElse(sentence);
        }
    }

    private final BaseModel base;
    private final Store store;

    Catalog(BaseModel base, Store store) {
        this.base = base;
        this.store = store;
    }

    /**
     * The choice in a request's fields {@code model} and {@code lift}.
     *
     * @param usual a memory's mode where none is named
     */
    Choice choose(Tenant tenant, RequestBody body, Mode usual) {
        String model = body.text("model");
        Optional<RequestBody> lift = body.object("lift");
        Optional<String> mode = lift.flatMap(fields -> fields.optionalText("mode"));
        String evidence =
                lift.flatMap(fields -> fields.optionalText("evidence")).orElse(USUAL_EVIDENCE);
        lift.ifPresent(RequestBody::end);
        if (base.is(model)) {
            return ofBase(tenant, mode);
        }
        int colon = model.lastIndexOf(':');
        String name = colon < 0 ? model : model.substring(0, colon);
        Optional<String> suffix = colon < 0 ? Optional.empty() : Optional.of(model.substring(colon + 1));
        Job job = store.jobs().finished(tenant, name).orElseThrow(() -> unasked(model));
        if (suffix.isPresent() && mode.isPresent() && !suffix.equals(mode)) {
            throw ApiException.invalid("lift.mode", "'lift.mode' says another mode than 'model': leave one out.");
        }
        return new Choice(
                tenant,
                name,
                Optional.of(store.folder().memory(job.memory())),
                suffix.or(() -> mode).map(Catalog::mode).orElse(usual),
                evidence);
    }

    private Choice ofBase(Tenant tenant, Optional<String> mode) {
        if (mode.isPresent() && !mode.get().equals(Mode.BASE.toString())) {
            throw ApiException.invalid(
                    "lift.mode",
                    "The base model has absorbed nothing and has no mode '" + mode.get() + "': name a memory.");
        }
        return new Choice(tenant, base.id(), Optional.empty(), Mode.BASE, USUAL_EVIDENCE);
    }

    private static Mode mode(String name) {
        try {
            return Mode.parse(name);
        } catch (LiftException e) {
            throw ApiException.invalid("model", String.valueOf(e.getMessage()));
        }
    }

    /** Refuses a choice whose memory was deleted since. */
    void requireStillThere(Choice choice) {
        if (choice.memory().isPresent()
                && store.jobs().finished(choice.tenant(), choice.name()).isEmpty()) {
            throw unasked(choice.name());
        }
    }

    /** Not all models that there are can be. */
    private static ApiException unasked(String model) {
        return ApiException.missing(
                "model_not_found", "model", "There is no model '" + model + "' that can be asked: see /v1/models.");
    }

    static ApiException missing(String model) {
        return ApiException.missing("model_not_found", "model", "There is no model '" + model + "': see /v1/models.");
    }
}
