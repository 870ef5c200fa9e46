/**
 * The engine: a Llama-family language model on libtorch that can be read from files, run, adapted and trained. This
 * package holds what all its parts share: the error a person sees, and the progress they watch.
 */
@NullMarked
package io.github.lift4j.engine;

import org.jspecify.annotations.NullMarked;
