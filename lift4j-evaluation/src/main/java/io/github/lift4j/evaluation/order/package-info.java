/**
 * Does the order of a text survive its being cut into segments? The ablation behind Figure 2 of the paper: segments that only
 * touch against segments that overlap.
 */
@NullMarked
package io.github.lift4j.evaluation.order;

import org.jspecify.annotations.NullMarked;
