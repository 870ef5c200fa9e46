/**
 * What does an answer cost? Time to the first token and peak memory against the input's length, for the whole input in the
 * window and for absorbing it (section 4.2 and Figure 3 of the paper); how they grow, and from which length on absorbing is
 * faster.
 */
@NullMarked
package io.github.lift4j.evaluation.efficiency;

import org.jspecify.annotations.NullMarked;
