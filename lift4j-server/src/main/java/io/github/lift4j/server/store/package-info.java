/**
 * What outlives the process: files, jobs and their events in a data folder, their order and state in SQLite
 * ({@link io.github.lift4j.server.store.Database}). Only this package speaks SQL.
 */
@NullMarked
package io.github.lift4j.server.store;

import org.jspecify.annotations.NullMarked;
