package io.github.lift4j.engine.tokenizer;

import com.hubspot.jinjava.Jinjava;
import com.hubspot.jinjava.JinjavaConfig;
import com.hubspot.jinjava.LegacyOverrides;
import com.hubspot.jinjava.el.JinjavaInterpreterResolver;
import com.hubspot.jinjava.interpret.Context;
import com.hubspot.jinjava.interpret.InterpreterFactory;
import com.hubspot.jinjava.interpret.JinjavaInterpreter;
import com.hubspot.jinjava.interpret.RenderResult;
import com.hubspot.jinjava.interpret.TemplateError;
import com.hubspot.jinjava.lib.filter.LengthFilter;
import com.hubspot.jinjava.lib.fn.ELFunctionDefinition;
import com.hubspot.jinjava.objects.date.StrftimeFormatter;
import io.github.lift4j.engine.LiftException;
import java.time.Clock;
import java.time.ZonedDateTime;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import jinjava.javax.el.CompositeELResolver;
import org.jspecify.annotations.Nullable;

/**
 * Jinjava set up to render what Hugging Face transformers renders with Jinja2: {@code trim_blocks}, {@code
 * lstrip_blocks}, {@code raise_exception}, {@code strftime_now}, {@code tojson}, Python's string methods and loops.
 * Thread-safe.
 */
final class JinjaDialect {

    private static final String CLOCK = "lift4j_clock";

    /** Jinjava takes the text "false" for false where Python does not; this invisible tail makes it a plain text. */
    private static final String TEXT_MARK = "\uE0FF";

    private final Jinjava jinjava;

    JinjaDialect() {
        LegacyOverrides likeJinja2 = LegacyOverrides.newBuilder()
                .withEvaluateMapKeys(true)
                .withIterateOverMapKeys(true)
                .withUsePyishObjectMapper(true)
                .withUseNaturalOperatorPrecedence(true)
                .withParseWhitespaceControlStrictly(true)
                .withAllowAdjacentTextNodes(true)
                .withUseTrimmingForNotesAndExpressions(true)
                .withKeepNullableLoopValues(true)
                .withHandleBackslashInQuotesOnly(true)
                .build();
        CompositeELResolver resolver = new CompositeELResolver();
        resolver.add(new PythonMethods());
        resolver.add(JinjavaInterpreterResolver.DEFAULT_RESOLVER_READ_ONLY);
        jinjava = new Jinjava(JinjavaConfig.newBuilder()
                .withTrimBlocks(true)
                .withLstripBlocks(true)
                // A message may contain "{{ }}"; it is text and must never be evaluated.
                .withNestedInterpretationEnabled(false)
                // Jinjava would cut the last newline of the output; Jinja2 cuts that of the template (TemplateSource).
                .withKeepTrailingNewline(true)
                .withElResolver(resolver)
                .withInterperterFactory(new PythonTexts())
                .withLegacyOverrides(likeJinja2)
                .build());
        jinjava.registerTag(new LoopTag());
        jinjava.registerTag(new GenerationTag());
        jinjava.registerFilter(new ToJsonFilter());
        jinjava.registerFilter(new TextLength("length"));
        jinjava.registerFilter(new TextLength("count"));
        for (String function : new String[] {"raise_exception", "strftime_now"}) {
            jinjava.registerFunction(new ELFunctionDefinition("", function, Functions.class, function, Object.class));
        }
    }

    /**
     * Renders a template.
     *
     * @param variables what the template sees; lists and maps of texts and flags
     * @throws LiftException if the template refuses the conversation or cannot be rendered
     */
    String render(String template, Map<String, ?> variables, Clock clock) {
        for (String filter : TemplateSource.filters(template)) {
            if (jinjava.getGlobalContext().getFilter(filter) == null) {
                throw new LiftException("The model's chat template uses the filter '" + filter
                        + "', which is unknown here; use another template or plain text");
            }
        }
        Map<String, Object> bindings = new HashMap<>(variables);
        bindings.put(CLOCK, clock);
        // So that "strftime_now is defined" holds, as it does for a function in Jinja2.
        bindings.put("strftime_now", "strftime_now");
        RenderResult result = jinjava.renderForResult(TemplateSource.rewrite(template), bindings);
        for (TemplateError error : result.getErrors()) {
            throw refusal(error);
        }
        return result.getOutput().replace(TEXT_MARK, "");
    }

    /** A text that a template takes for a text, whatever it says. */
    static String text(String content) {
        return content.equalsIgnoreCase("false") ? content + TEXT_MARK : content;
    }

    private static LiftException refusal(TemplateError error) {
        for (Throwable cause = error.getException(); cause != null; cause = cause.getCause()) {
            if (cause instanceof Refusal) {
                return new LiftException(
                        "The model's chat template refuses this conversation: " + cause.getMessage(), cause);
            }
        }
        return new LiftException(
                "The model's chat template cannot be rendered (line %d: %s); use another template or plain text"
                        .formatted(error.getLineno(), error.getMessage()),
                error.getException());
    }

    /** Writes truth values as Python does: True and False. */
    private static final class PythonTexts implements InterpreterFactory {

        @Override
        public JinjavaInterpreter newInstance(JinjavaInterpreter original) {
            return newInstance(null, original.getContext(), original.getConfig());
        }

        @Override
        public JinjavaInterpreter newInstance(@Nullable Jinjava jinjava, Context context, JinjavaConfig config) {
            return new JinjavaInterpreter(jinjava, context, config) {
                @Override
                public String getAsString(@Nullable Object value) {
                    return value instanceof Boolean flag ? (flag ? "True" : "False") : super.getAsString(value);
                }
            };
        }
    }

    /** The length of a text in code points, as Python counts, or of a collection. */
    private static final class TextLength extends LengthFilter {
        private final String name;

        TextLength(String name) {
            this.name = name;
        }

        @Override
        public String getName() {
            return name;
        }

        @Override
        public Object filter(@Nullable Object value, JinjavaInterpreter interpreter, String... args) {
            return value instanceof String text
                    ? text.replace(TEXT_MARK, "").codePoints().count()
                    : super.filter(value, interpreter, args);
        }
    }

    /** Thrown by a template's own {@code raise_exception}. */
    private static final class Refusal extends RuntimeException {
        Refusal(@Nullable Object message) {
            super(String.valueOf(message));
        }
    }

    /** The functions transformers gives to templates; public because Jinjava calls them by reflection. */
    public static final class Functions {

        private Functions() {}

        public static Object raise_exception(Object message) {
            throw new Refusal(message);
        }

        public static Object strftime_now(Object format) {
            Clock clock = (Clock) JinjavaInterpreter.getCurrent().getContext().get(CLOCK);
            return StrftimeFormatter.format(ZonedDateTime.now(clock), format.toString(), Locale.US);
        }
    }
}
