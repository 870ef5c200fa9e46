package io.github.lift4j.engine.runtime;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandle;
import java.util.Optional;

/** Functions of a library that came into the process with libtorch's CUDA build, and that its presets do not show. */
final class CudaLibrary {

    private final SymbolLookup symbols;

    private CudaLibrary(SymbolLookup symbols) {
        this.symbols = symbols;
    }

    /** @param name as the loader knows it, {@code libnvrtc.so.13} say; empty where there is no such library here */
    @SuppressWarnings("restricted") // A native call, as every other call of this engine.
    static Optional<CudaLibrary> named(String name) {
        try {
            return Optional.of(new CudaLibrary(SymbolLookup.libraryLookup(name, Arena.global())));
        } catch (IllegalArgumentException missing) {
            return Optional.empty();
        }
    }

    @SuppressWarnings("restricted") // A native call, as every other call of this engine.
    MethodHandle function(String symbol, FunctionDescriptor shape) {
        return Linker.nativeLinker().downcallHandle(symbols.findOrThrow(symbol), shape);
    }

    boolean has(String symbol) {
        return symbols.find(symbol).isPresent();
    }
}
