/**
 * On what does it run? Devices, data types, and the native library's own settings and memory.
 */
@NullMarked
package io.github.lift4j.engine.runtime;

import org.jspecify.annotations.NullMarked;
