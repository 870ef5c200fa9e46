/**
 * Absorbing, one job at a time: {@link io.github.lift4j.server.work.JobWorker} takes jobs from the queue, gives way to
 * answers between steps, and goes on after a restart from the last checkpoint.
 */
@NullMarked
package io.github.lift4j.server.work;

import org.jspecify.annotations.NullMarked;
