/**
 * Section 3 put together: a document becomes tokens, the tokens become segments, the segments are trained in shuffled
 * batches, and what was learned becomes a memory. {@link io.github.lift4j.absorb.Absorber} holds the loop.
 */
@NullMarked
package io.github.lift4j.absorb;

import org.jspecify.annotations.NullMarked;
