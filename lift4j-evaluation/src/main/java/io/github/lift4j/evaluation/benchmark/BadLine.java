package io.github.lift4j.evaluation.benchmark;

import java.nio.file.Path;

/**
 * A line of a benchmark that could not be read, as published or damaged since.
 *
 * @param line counted from 1
 * @param reason what is wrong with it
 */
public record BadLine(Path file, long line, String reason) {

    @Override
    public String toString() {
        return file + ", line " + line + ": " + reason;
    }
}
