/**
 * What remains? The folder that an absorb leaves: the adapter in PEFT's own format (or all weights), the document's
 * tokens, and {@code memory.json} that says from what and how it was made.
 */
@NullMarked
package io.github.lift4j.memory;

import org.jspecify.annotations.NullMarked;
