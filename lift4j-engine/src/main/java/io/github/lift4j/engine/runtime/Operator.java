package io.github.lift4j.engine.runtime;

import org.bytedeco.pytorch.Dispatcher;
import org.bytedeco.pytorch.IValue;
import org.bytedeco.pytorch.IValueVector;
import org.bytedeco.pytorch.OperatorHandle;

/** An operator of libtorch that the presets do not show, called by its name. Found once; close it. */
public final class Operator implements AutoCloseable {

    private final OperatorHandle handle;

    private Operator(OperatorHandle handle) {
        this.handle = handle;
    }

    /** @param name as in {@code aten::_scaled_mm} */
    public static Operator named(String name) {
        return new Operator(Dispatcher.singleton().findSchemaOrThrow(name, "").retainReference());
    }

    /**
     * Calls it.
     *
     * @param arguments all of them, in the order of its schema; an empty value where it has nothing
     * @return what it gives, in order
     */
    public IValueVector call(IValue... arguments) {
        IValueVector stack = new IValueVector();
        for (IValue argument : arguments) {
            stack.push_back(argument);
        }
        handle.callBoxed(stack);
        return stack;
    }

    @Override
    public void close() {
        handle.close();
    }
}
