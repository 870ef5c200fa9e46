package io.github.lift4j.evaluation.probe;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/** A rule that an answer passes or fails. No answer passes by being empty. */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "rule")
@JsonSubTypes({
    @JsonSubTypes.Type(value = Check.Words.class, name = "words"),
    @JsonSubTypes.Type(value = Check.UpperCase.class, name = "upper_case"),
    @JsonSubTypes.Type(value = Check.LowerCase.class, name = "lower_case"),
    @JsonSubTypes.Type(value = Check.Items.class, name = "items"),
    @JsonSubTypes.Type(value = Check.Json.class, name = "json"),
    @JsonSubTypes.Type(value = Check.Exactly.class, name = "exactly"),
    @JsonSubTypes.Type(value = Check.Framed.class, name = "framed"),
    @JsonSubTypes.Type(value = Check.Mentions.class, name = "mentions"),
    @JsonSubTypes.Type(value = Check.Avoids.class, name = "avoids"),
    @JsonSubTypes.Type(value = Check.Letter.class, name = "letter"),
    @JsonSubTypes.Type(value = Check.All.class, name = "all")
})
public sealed interface Check {

    /** Whether an answer, without white space around it, passes. */
    boolean passes(String answer);

    /** It has so many words: {@code least} to {@code most}. */
    record Words(int least, int most) implements Check {
        @Override
        public boolean passes(String answer) {
            long words = Pattern.compile("\\S+").matcher(answer).results().count();
            return words >= Math.max(1, least) && words <= most;
        }
    }

    /** It has letters, and all of them are capitals. */
    record UpperCase() implements Check {
        @Override
        public boolean passes(String answer) {
            return answer.codePoints().anyMatch(Character::isLetter) && answer.equals(answer.toUpperCase(Locale.ROOT));
        }
    }

    /** It has letters, and none of them is a capital. */
    record LowerCase() implements Check {
        @Override
        public boolean passes(String answer) {
            return answer.codePoints().anyMatch(Character::isLetter) && answer.equals(answer.toLowerCase(Locale.ROOT));
        }
    }

    /**
     * It lists so many things, each on a line of its own with a number or a bullet before it.
     *
     * @param count of the marked lines
     */
    record Items(int count) implements Check {
        private static final Pattern MARK = Pattern.compile("\\s*(?:[-*\u2022]|\\d+[.)])\\s+\\S.*");

        @Override
        public boolean passes(String answer) {
            return answer.lines().filter(line -> MARK.matcher(line).matches()).count() == count;
        }
    }

    /**
     * It is a JSON object, alone or in a code fence.
     *
     * @param keys that it must have
     */
    record Json(List<String> keys) implements Check {
        private static final Pattern FENCE = Pattern.compile("```(?:json)?\\s*(.*?)\\s*```", Pattern.DOTALL);
        private static final ObjectMapper MAPPER =
                new ObjectMapper().enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

        public Json {
            keys = List.copyOf(keys);
        }

        @Override
        public boolean passes(String answer) {
            try {
                JsonNode object = MAPPER.readTree(FENCE.matcher(answer).replaceFirst("$1"));
                return object.isObject() && keys.stream().allMatch(object::has);
            } catch (JacksonException e) {
                // What is no JSON fails; that is a score, not an error.
                return false;
            }
        }
    }

    /** It is this text, but for case and a full stop or quotes around it. */
    record Exactly(String text) implements Check {
        private static final Pattern FRAME = Pattern.compile("^[\"'.]+|[\"'.]+$");

        @Override
        public boolean passes(String answer) {
            return !answer.isEmpty() && FRAME.matcher(answer).replaceAll("").equalsIgnoreCase(text);
        }
    }

    /** It starts and ends with these texts, either of which may be empty. */
    record Framed(String start, String end) implements Check {
        @Override
        public boolean passes(String answer) {
            return !answer.isEmpty()
                    && answer.length() >= start.length() + end.length()
                    && answer.startsWith(start)
                    && answer.endsWith(end);
        }
    }

    /**
     * One of these stands in it as whole words, in any case. Only the first line counts, where a model says its answer.
     */
    record Mentions(List<String> any) implements Check {
        public Mentions {
            any = List.copyOf(any);
        }

        @Override
        public boolean passes(String answer) {
            String first = answer.lines().findFirst().orElse("");
            return any.stream().anyMatch(text -> wholeWords(text).matcher(first).find());
        }
    }

    /** It says something, and none of these stands in it as whole words. */
    record Avoids(List<String> none) implements Check {
        public Avoids {
            none = List.copyOf(none);
        }

        @Override
        public boolean passes(String answer) {
            return !answer.isEmpty()
                    && none.stream()
                            .noneMatch(text -> wholeWords(text).matcher(answer).find());
        }
    }

    /**
     * It chooses this option: the letter stands first, alone or before a bracket, a stop or the option's words; or after
     * "answer is".
     */
    record Letter(String letter) implements Check {
        private static final Pattern CHOICE =
                Pattern.compile("^(?:.{0,80}?\\b[Aa]nswer(?: is)?:? *)?\\(?([A-D])\\)?(?![\\p{L}\\p{N}'])");

        @Override
        public boolean passes(String answer) {
            var choice = CHOICE.matcher(answer);
            return choice.find() && choice.group(1).equals(letter);
        }
    }

    /** It passes all of these. */
    record All(List<Check> checks) implements Check {
        public All {
            checks = List.copyOf(checks);
        }

        @Override
        public boolean passes(String answer) {
            return !checks.isEmpty() && checks.stream().allMatch(check -> check.passes(answer));
        }
    }

    private static Pattern wholeWords(String text) {
        return Pattern.compile(
                "(?<![\\p{L}\\p{N}])" + Pattern.quote(text) + "(?![\\p{L}\\p{N}])",
                Pattern.CASE_INSENSITIVE | Pattern.UNICODE_CASE);
    }
}
