/**
 * On what does it run? Devices, data types, the native library's own settings and memory, and what a GPU can do beside
 * libtorch's operations: our own kernels ({@link io.github.lift4j.engine.runtime.CudaKernels}) and work that is recorded once
 * ({@link io.github.lift4j.engine.runtime.CudaGraph}).
 */
@NullMarked
package io.github.lift4j.engine.runtime;

import org.jspecify.annotations.NullMarked;
