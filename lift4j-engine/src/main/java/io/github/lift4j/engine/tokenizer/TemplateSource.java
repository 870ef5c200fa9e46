package io.github.lift4j.engine.tokenizer;

import java.util.Set;
import java.util.TreeSet;
import java.util.function.IntPredicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Rewrites what Jinja2 reads and Jinjava's parser does not, without changing its meaning. */
final class TemplateSource {

    /** A tag or an expression, the only places where template syntax may be rewritten. */
    private static final Pattern CODE = Pattern.compile("\\{[{%].*?[%}]}", Pattern.DOTALL);

    private static final Pattern REVERSED = Pattern.compile("\\[\\s*:\\s*:\\s*-1\\s*]");

    private static final Pattern QUOTED = Pattern.compile("'(\\\\.|[^'\\\\])*'|\"(\\\\.|[^\"\\\\])*\"", Pattern.DOTALL);

    private static final Pattern FILTER = Pattern.compile("\\|\\s*(\\w+)");

    private static final String NAMESPACE = "namespace(";

    private TemplateSource() {}

    /** Also drops the last newline, as Jinja2 does. */
    static String rewrite(String template) {
        String unix = template.replace("\r\n", "\n");
        String trimmed = unix.endsWith("\n") ? unix.substring(0, unix.length() - 1) : unix;
        return CODE.matcher(trimmed).replaceAll(code -> {
            String reversed = REVERSED.matcher(code.group()).replaceAll("|reverse|list");
            return Matcher.quoteReplacement(bracketNamespace(reversed));
        });
    }

    /** The names of all filters that a template uses; Jinjava would pass over one that it does not know. */
    static Set<String> filters(String template) {
        return CODE.matcher(template)
                .results()
                .map(code -> QUOTED.matcher(code.group()).replaceAll("''"))
                .flatMap(code -> FILTER.matcher(code).results())
                .map(filter -> filter.group(1))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    /** {@code namespace(i=n - 1)}: Jinjava takes it for {@code (i=n) - 1} unless the value stands in brackets. */
    private static String bracketNamespace(String code) {
        int start = code.indexOf(NAMESPACE);
        if (start < 0) {
            return code;
        }
        StringBuilder result = new StringBuilder(code.substring(0, start + NAMESPACE.length()));
        int from = start + NAMESPACE.length();
        while (true) {
            int to = find(code, from, at -> code.charAt(at) == ',' || code.charAt(at) == ')');
            if (to < 0) {
                return code;
            }
            String argument = code.substring(from, to);
            int equals = argument.indexOf('=');
            result.append(
                    equals < 0
                            ? argument
                            : argument.substring(0, equals + 1) + "(" + argument.substring(equals + 1) + ")");
            if (code.charAt(to) == ')') {
                return result.append(code.substring(to)).toString();
            }
            result.append(',');
            from = to + 1;
        }
    }

    /** The first position from {@code from} that passes, outside quotes and inner brackets, or -1. */
    static int find(String code, int from, IntPredicate test) {
        int depth = 0;
        char quote = 0;
        for (int i = from; i < code.length(); i++) {
            char c = code.charAt(i);
            if (quote != 0) {
                if (c == '\\') {
                    i++;
                } else if (c == quote) {
                    quote = 0;
                }
            } else if (depth == 0 && test.test(i)) {
                return i;
            } else if (c == '\'' || c == '"') {
                quote = c;
            } else if (c == '(' || c == '[' || c == '{') {
                depth++;
            } else if (c == ')' || c == ']' || c == '}') {
                depth--;
            }
        }
        return -1;
    }
}
