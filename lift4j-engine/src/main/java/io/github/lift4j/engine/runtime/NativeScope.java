package io.github.lift4j.engine.runtime;

import java.util.function.Supplier;
import org.bytedeco.javacpp.Pointer;
import org.bytedeco.javacpp.PointerScope;

/** A stretch of native work whose temporaries are freed when it ends, and whose result lives on. */
public final class NativeScope {

    private NativeScope() {}

    /**
     * Runs the work and frees every native object it made but its result, which then belongs to the scope around the
     * call, or to the caller where there is none.
     */
    public static <P extends Pointer> P keeping(Supplier<P> work) {
        P result;
        try (PointerScope scope = new PointerScope()) {
            result = work.get();
            result.retainReference();
        }
        PointerScope outer = PointerScope.getInnerScope();
        if (outer != null) {
            outer.attach(result);
            result.releaseReference();
        }
        return result;
    }
}
