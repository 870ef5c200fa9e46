package io.github.lift4j.engine.tokenizer;

import com.hubspot.jinjava.interpret.InterpretException;
import com.hubspot.jinjava.interpret.JinjavaInterpreter;
import com.hubspot.jinjava.lib.tag.Tag;
import com.hubspot.jinjava.tree.Node;
import com.hubspot.jinjava.tree.TagNode;
import com.hubspot.jinjava.util.ForLoop;
import com.hubspot.jinjava.util.ObjectIterator;
import com.hubspot.jinjava.util.ObjectTruthValue;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * {@code {% for %}} as Jinja2 means it. Jinjava's own lacks {@code for x in xs if condition}, {@code {% else %}} for an
 * empty loop and a scope for each turn (a variable set in one turn must be gone in the next).
 */
final class LoopTag implements Tag {

    @Override
    public String getName() {
        return "for";
    }

    @Override
    public String interpret(TagNode node, JinjavaInterpreter interpreter) {
        Header header = Header.parse(node);
        List<Object> items = new ArrayList<>();
        ForLoop source = ObjectIterator.getLoop(interpreter.resolveELExpression(header.items, node.getLineNumber()));
        while (source.hasNext()) {
            Object item = interpreter.wrap(source.next());
            if (header.condition == null || holds(header, item, node, interpreter)) {
                items.add(item);
            }
        }
        StringBuilder output = new StringBuilder();
        if (items.isEmpty()) {
            render(afterElse(node), null, output, interpreter);
        }
        Loop loop = new Loop(items);
        while (loop.hasNext()) {
            Object item = loop.next();
            try (var _ = interpreter.enterScope()) {
                interpreter.getContext().put("loop", loop);
                bind(header.variables, item, interpreter);
                render(beforeElse(node), loop, output, interpreter);
            }
        }
        return output.toString();
    }

    private static boolean holds(Header header, Object item, TagNode node, JinjavaInterpreter interpreter) {
        try (var _ = interpreter.enterScope()) {
            bind(header.variables, item, interpreter);
            return ObjectTruthValue.evaluate(interpreter.resolveELExpression(header.condition, node.getLineNumber()));
        }
    }

    private static void bind(List<String> variables, Object item, JinjavaInterpreter interpreter) {
        if (variables.size() == 1) {
            interpreter.getContext().put(variables.getFirst(), item);
            return;
        }
        List<?> parts = item instanceof Map.Entry<?, ?> entry
                ? Arrays.asList(entry.getKey(), entry.getValue())
                : (List<?>) item;
        for (int i = 0; i < variables.size(); i++) {
            interpreter.getContext().put(variables.get(i), interpreter.wrap(parts.get(i)));
        }
    }

    private static void render(
            List<Node> nodes, @Nullable Loop loop, StringBuilder output, JinjavaInterpreter interpreter) {
        for (Node node : nodes) {
            output.append(node.render(interpreter));
            if (loop != null && loop.isContinued()) {
                return;
            }
        }
    }

    private static List<Node> beforeElse(TagNode node) {
        int at = elseOf(node);
        return List.copyOf(node.getChildren()).subList(0, at);
    }

    private static List<Node> afterElse(TagNode node) {
        int at = elseOf(node);
        int size = node.getChildren().size();
        return List.copyOf(node.getChildren()).subList(Math.min(at + 1, size), size);
    }

    private static int elseOf(TagNode node) {
        int at = 0;
        for (Node child : node.getChildren()) {
            if (child instanceof TagNode tag && tag.getName().equals("else")) {
                break;
            }
            at++;
        }
        return at;
    }

    /** The state a template sees as {@code loop}. */
    static final class Loop extends ForLoop {
        private final List<Object> items;

        Loop(List<Object> items) {
            super(items.iterator(), items.size());
            this.items = items;
        }

        @Nullable
        Object previous() {
            return getIndex0() == 0 ? null : items.get(getIndex0() - 1);
        }

        @Nullable
        Object following() {
            return getIndex0() + 1 < items.size() ? items.get(getIndex0() + 1) : null;
        }
    }

    /** What stands in the tag: {@code variables in items if condition}. */
    private record Header(
            List<String> variables, String items, @Nullable String condition) {

        static Header parse(TagNode node) {
            String text = node.getHelpers().strip();
            int in = keyword(text, "in", 0);
            if (in < 0) {
                throw new InterpretException("a for loop needs 'in'", node.getLineNumber());
            }
            List<String> variables = Arrays.stream(text.substring(0, in).split(","))
                    .map(name -> name.replaceAll("[()]", "").strip())
                    .toList();
            int condition = keyword(text, "if", in + 2);
            boolean choice = condition >= 0 && keyword(text, "else", condition) >= 0;
            return condition < 0 || choice
                    ? new Header(variables, text.substring(in + 2).strip(), null)
                    : new Header(
                            variables,
                            text.substring(in + 2, condition).strip(),
                            text.substring(condition + 2).strip());
        }

        /** Where a word stands outside quotes and brackets, or -1. */
        private static int keyword(String text, String word, int from) {
            return TemplateSource.find(
                    text, from, at -> text.startsWith(word, at) && aWord(text, at, at + word.length()));
        }

        private static boolean aWord(String text, int from, int to) {
            return (from == 0 || !Character.isJavaIdentifierPart(text.charAt(from - 1)))
                    && (to == text.length() || !Character.isJavaIdentifierPart(text.charAt(to)));
        }
    }
}
