/** How sure is a figure? Intervals around means and around differences of means, by resampling. */
@NullMarked
package io.github.lift4j.evaluation.statistics;

import org.jspecify.annotations.NullMarked;
