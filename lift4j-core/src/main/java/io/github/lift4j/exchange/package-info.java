/** How does a memory get to other programs, and an adapter from them? */
@NullMarked
package io.github.lift4j.exchange;

import org.jspecify.annotations.NullMarked;
