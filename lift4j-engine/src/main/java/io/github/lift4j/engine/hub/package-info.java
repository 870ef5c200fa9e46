/**
 * Where does a model come from?
 *
 * <p>{@link io.github.lift4j.engine.hub.ModelHub} turns what a person names (a folder, a {@code .gguf} file, a Hugging
 * Face id) into files on this machine. It shares the standard Hugging Face cache with every other program, downloads
 * what is missing, and knows where to get the default model when the hub cannot be reached.
 */
@NullMarked
package io.github.lift4j.engine.hub;

import org.jspecify.annotations.NullMarked;
