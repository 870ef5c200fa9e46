package io.github.lift4j.server.api;

import io.github.lift4j.engine.model.LanguageModel;

/**
 * The base as callers name it: by the last part of its name, which is a hub id or a path of this machine.
 *
 * @param createdAt seconds since 1970, of when the service began
 */
public record BaseModel(LanguageModel model, long createdAt) {

    /** Its id in the API. */
    public String id() {
        String name = model.name().replace('\\', '/');
        return name.substring(name.lastIndexOf('/') + 1);
    }

    /** Whether a caller means it. */
    boolean is(String name) {
        return name.equals(id()) || name.equals(model.name());
    }
}
