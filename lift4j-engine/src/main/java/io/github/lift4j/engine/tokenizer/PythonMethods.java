package io.github.lift4j.engine.tokenizer;

import com.hubspot.jinjava.objects.collections.PyList;
import java.beans.FeatureDescriptor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.function.IntPredicate;
import java.util.regex.Pattern;
import jinjava.javax.el.ELContext;
import jinjava.javax.el.ELResolver;
import org.jspecify.annotations.Nullable;

/**
 * The methods of Python strings that chat templates call ({@code message.content.split('</think>')[-1].strip('\n')}).
 * Jinjava would look them up among those of {@link String}, where they are missing or, like {@code split}, mean
 * something else. Also answers {@code loop.previtem} and {@code loop.nextitem}.
 */
final class PythonMethods extends ELResolver {

    @Override
    public @Nullable Object invoke(
            ELContext context, @Nullable Object base, Object method, Class<?> @Nullable [] types, Object[] args) {
        if (!(base instanceof String text)) {
            return null;
        }
        Object result = call(text, method.toString(), args);
        if (result != null) {
            context.setPropertyResolved(true);
        }
        return result;
    }

    private static @Nullable Object call(String text, String method, Object[] args) {
        return switch (method) {
            case "strip" -> strip(text, args, true, true);
            case "lstrip" -> strip(text, args, true, false);
            case "rstrip" -> strip(text, args, false, true);
            case "startswith" -> candidates(args[0]).stream().anyMatch(text::startsWith);
            case "endswith" -> candidates(args[0]).stream().anyMatch(text::endsWith);
            case "split" -> new PyList(split(text, args));
            case "splitlines" -> new PyList(new ArrayList<>(text.lines().toList()));
            case "upper" -> text.toUpperCase(Locale.ROOT);
            case "lower" -> text.toLowerCase(Locale.ROOT);
            case "capitalize" -> capitalize(text);
            case "title" -> title(text);
            case "replace" -> text.replace(args[0].toString(), args[1].toString());
            case "removeprefix" ->
                text.startsWith(args[0].toString())
                        ? text.substring(args[0].toString().length())
                        : text;
            case "removesuffix" ->
                text.endsWith(args[0].toString())
                        ? text.substring(0, text.length() - args[0].toString().length())
                        : text;
            case "find" -> (long) text.indexOf(args[0].toString());
            case "count" -> (long) text.split(Pattern.quote(args[0].toString()), -1).length - 1;
            case "isdigit" -> !text.isEmpty() && text.codePoints().allMatch(Character::isDigit);
            case "join" ->
                String.join(
                        text, ((List<?>) args[0]).stream().map(String::valueOf).toList());
            default -> null;
        };
    }

    private static List<String> candidates(Object argument) {
        return argument instanceof List<?> many
                ? many.stream().map(String::valueOf).toList()
                : List.of(argument.toString());
    }

    private static boolean isSpace(int c) {
        return Character.isWhitespace(c) || Character.isSpaceChar(c) || c == 0x85;
    }

    private static String strip(String text, Object[] args, boolean left, boolean right) {
        IntPredicate stripped = args.length == 0 || args[0] == null
                ? PythonMethods::isSpace
                : c -> args[0].toString().indexOf(c) >= 0;
        int from = 0;
        int to = text.length();
        while (left && from < to && stripped.test(text.codePointAt(from))) {
            from += Character.charCount(text.codePointAt(from));
        }
        while (right && to > from && stripped.test(text.codePointBefore(to))) {
            to -= Character.charCount(text.codePointBefore(to));
        }
        return text.substring(from, to);
    }

    /** Splits at a literal separator, at most {@code args[1]} times, or at runs of white space without one. */
    private static List<Object> split(String text, Object[] args) {
        if (args.length == 0 || args[0] == null) {
            String bare = text.strip();
            return bare.isEmpty() ? new ArrayList<>() : new ArrayList<>(Arrays.asList(bare.split("\\s+")));
        }
        String separator = args[0].toString();
        int most = args.length > 1 && ((Number) args[1]).intValue() >= 0
                ? ((Number) args[1]).intValue()
                : Integer.MAX_VALUE;
        List<Object> parts = new ArrayList<>();
        int from = 0;
        for (int at = text.indexOf(separator); at >= 0 && parts.size() < most; at = text.indexOf(separator, from)) {
            parts.add(text.substring(from, at));
            from = at + separator.length();
        }
        parts.add(text.substring(from));
        return parts;
    }

    private static String capitalize(String text) {
        return text.isEmpty()
                ? text
                : text.substring(0, 1).toUpperCase(Locale.ROOT)
                        + text.substring(1).toLowerCase(Locale.ROOT);
    }

    private static String title(String text) {
        StringBuilder result = new StringBuilder(text.length());
        boolean inWord = false;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            result.append(inWord ? Character.toLowerCase(c) : Character.toTitleCase(c));
            inWord = Character.isLetter(c);
        }
        return result.toString();
    }

    @Override
    public @Nullable Object getValue(ELContext context, @Nullable Object base, @Nullable Object property) {
        if (base instanceof LoopTag.Loop loop && ("previtem".equals(property) || "nextitem".equals(property))) {
            context.setPropertyResolved(true);
            return "previtem".equals(property) ? loop.previous() : loop.following();
        }
        return null;
    }

    @Override
    public @Nullable Class<?> getType(ELContext context, @Nullable Object base, @Nullable Object property) {
        return null;
    }

    @Override
    public void setValue(ELContext context, Object base, Object property, Object value) {}

    @Override
    public boolean isReadOnly(ELContext context, Object base, Object property) {
        return true;
    }

    @Override
    public @Nullable Iterator<FeatureDescriptor> getFeatureDescriptors(ELContext context, Object base) {
        return null;
    }

    @Override
    public Class<?> getCommonPropertyType(ELContext context, Object base) {
        return Object.class;
    }
}
