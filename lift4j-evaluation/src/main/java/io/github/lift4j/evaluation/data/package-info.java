/** Where do benchmarks come from? Their official places, and the checksums of what was fetched there. */
@NullMarked
package io.github.lift4j.evaluation.data;

import org.jspecify.annotations.NullMarked;
