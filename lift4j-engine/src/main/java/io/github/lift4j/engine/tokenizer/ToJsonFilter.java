package io.github.lift4j.engine.tokenizer;

import com.fasterxml.jackson.core.io.JsonStringEncoder;
import com.hubspot.jinjava.interpret.JinjavaInterpreter;
import com.hubspot.jinjava.lib.filter.Filter;
import java.util.Collection;
import java.util.Iterator;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** {@code tojson} as Python's {@code json.dumps(value, ensure_ascii=False, indent=...)} writes it. */
final class ToJsonFilter implements Filter {

    @Override
    public String getName() {
        return "tojson";
    }

    @Override
    public Object filter(@Nullable Object value, JinjavaInterpreter interpreter, String... args) {
        return write(value, -1);
    }

    @Override
    public Object filter(
            @Nullable Object value, JinjavaInterpreter interpreter, Object[] args, Map<String, Object> named) {
        Object indent = named.getOrDefault("indent", args.length > 0 ? args[0] : null);
        return write(value, indent instanceof Number spaces ? spaces.intValue() : -1);
    }

    private static String write(@Nullable Object value, int indent) {
        StringBuilder out = new StringBuilder();
        write(value, indent, 0, out);
        return out.toString();
    }

    private static void write(@Nullable Object value, int indent, int depth, StringBuilder out) {
        switch (value) {
            case null -> out.append("null");
            case Map<?, ?> map -> {
                Iterator<? extends Map.Entry<?, ?>> entries = map.entrySet().iterator();
                open('{', entries.hasNext(), indent, depth, out);
                while (entries.hasNext()) {
                    Map.Entry<?, ?> entry = entries.next();
                    write(String.valueOf(entry.getKey()), indent, depth, out);
                    out.append(": ");
                    write(entry.getValue(), indent, depth + 1, out);
                    next(entries.hasNext(), indent, depth, out);
                }
                out.append('}');
            }
            case Collection<?> list -> {
                Iterator<?> items = list.iterator();
                open('[', items.hasNext(), indent, depth, out);
                while (items.hasNext()) {
                    write(items.next(), indent, depth + 1, out);
                    next(items.hasNext(), indent, depth, out);
                }
                out.append(']');
            }
            case Boolean flag -> out.append(flag);
            case Number number -> out.append(number);
            default ->
                out.append('"')
                        .append(JsonStringEncoder.getInstance().quoteAsString(value.toString()))
                        .append('"');
        }
    }

    private static void open(char bracket, boolean filled, int indent, int depth, StringBuilder out) {
        out.append(bracket);
        if (filled && indent >= 0) {
            out.append('\n').repeat(' ', indent * (depth + 1));
        }
    }

    private static void next(boolean more, int indent, int depth, StringBuilder out) {
        if (indent < 0) {
            out.append(more ? ", " : "");
        } else if (more) {
            out.append(",\n").repeat(' ', indent * (depth + 1));
        } else {
            out.append('\n').repeat(' ', indent * depth);
        }
    }
}
