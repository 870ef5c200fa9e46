package io.github.lift4j.server.api;

/** Says that something is gone. */
record Deleted(String id, String object, boolean deleted) {}
