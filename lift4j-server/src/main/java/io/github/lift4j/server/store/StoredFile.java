package io.github.lift4j.server.store;

/**
 * An uploaded document.
 *
 * @param name as it was uploaded, without what a file system could misread
 * @param purpose in OpenAI's words
 * @param createdAt seconds since 1970
 */
public record StoredFile(String id, String name, String purpose, long bytes, long createdAt) {}
