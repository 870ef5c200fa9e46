/**
 * What does a person type? The {@code lift} command: reads arguments, calls the library, prints for people or as JSON.
 */
@NullMarked
package io.github.lift4j.cli;

import org.jspecify.annotations.NullMarked;
