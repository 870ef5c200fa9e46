/**
 * What came of a run? A {@link io.github.lift4j.evaluation.result.Unit} of work, what was found by it ({@link
 * io.github.lift4j.evaluation.result.Finding}), and the {@link io.github.lift4j.evaluation.result.RunFolder} that keeps
 * both. Whoever measures writes these, whoever reports reads them, and neither knows the other.
 */
@NullMarked
package io.github.lift4j.evaluation.result;

import org.jspecify.annotations.NullMarked;
