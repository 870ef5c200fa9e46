/**
 * How good is an answer? The official metrics of LongBench, LooGLE and BAMBOO, oddities included: figures can be compared
 * with published ones only where every detail is the same. What the official scripts make of text (white space, letters,
 * digits) is Python's notion of them, so that is what stands here.
 */
@NullMarked
package io.github.lift4j.evaluation.metric;

import org.jspecify.annotations.NullMarked;
