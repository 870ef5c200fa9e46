/**
 * On what does it run? Devices, data types, the native library's own settings and memory, and what a GPU can do beside
 * libtorch's operations: our own kernels ({@link io.github.lift4j.engine.runtime.CudaKernels}) and work that is recorded once
 * ({@link io.github.lift4j.engine.runtime.CudaGraph}). Products are made larger by what lies together
 * ({@link io.github.lift4j.engine.runtime.Adjacent}) and summed where they are made ({@link
 * io.github.lift4j.engine.runtime.GradientSum}).
 */
@NullMarked
package io.github.lift4j.engine.runtime;

import org.jspecify.annotations.NullMarked;
