package io.github.lift4j.evaluation.judge;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.lift4j.engine.tokenizer.Message;
import io.github.lift4j.prompt.Wording;
import io.github.lift4j.task.Author;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.function.Function;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/**
 * A language model that judges answers with LooGLE's prompts and settings: temperature 0, at most 10 tokens.
 *
 * <p>How many questions are under way at once, and whether what was judged before is asked again, is the author's: one
 * behind an endpoint keeps its answers by what was asked.
 *
 * @param author who judges; belongs to the caller
 * @param model what the report calls it, its version included where that is known
 */
public record Judge(Author author, String model) {

    private static final int ANSWER_TOKENS = 10;
    private static final Map<String, List<Message>> PROMPTS = load();

    private static final Pattern WORD = Pattern.compile("\\b(?:true|false)\\b");
    private static final Pattern NUMBER = Pattern.compile("(?<![\\d.-])\\d{1,3}(?:\\.\\d+)?(?!\\d)");

    /**
     * Whether each answer means the same as the right one.
     *
     * @return 1 or 0 for each; empty where the judge said neither or both, which LooGLE leaves out of the mean
     * @throws io.github.lift4j.engine.LiftException where the judge cannot be had
     */
    public List<OptionalDouble> answers(List<JudgedAnswer> answers) {
        return judged("answer", answers, Judge::truth);
    }

    /**
     * How good each summary is: complete, consistent, fluent and grammatical.
     *
     * @return 0 to 1 for each, a hundredth of the judge's score; empty where it gave none from 0 to 100
     * @throws io.github.lift4j.engine.LiftException where the judge cannot be had
     */
    public List<OptionalDouble> summaries(List<JudgedAnswer> answers) {
        return judged("summary", answers, Judge::score);
    }

    private List<OptionalDouble> judged(
            String prompt, List<JudgedAnswer> answers, Function<String, OptionalDouble> reading) {
        List<Author.Prompt> prompts = answers.stream()
                .map(answer -> new Author.Prompt(
                        PROMPTS.getOrDefault(prompt, List.of()).stream()
                                .map(message -> new Message(message.role(), filled(message.content(), answer)))
                                .toList(),
                        0,
                        ANSWER_TOKENS,
                        0))
                .toList();
        return author.write(prompts).stream().map(reading).toList();
    }

    private static String filled(String content, JudgedAnswer answer) {
        return new Wording(content)
                .with(Map.of(
                        "question", answer.question(),
                        "reference", answer.reference(),
                        "prediction", answer.prediction()));
    }

    static OptionalDouble truth(String said) {
        List<String> words = WORD.matcher(said.toLowerCase(Locale.ROOT))
                .results()
                .map(MatchResult::group)
                .distinct()
                .toList();
        return words.size() == 1 ? OptionalDouble.of(words.getFirst().equals("true") ? 1 : 0) : OptionalDouble.empty();
    }

    static OptionalDouble score(String said) {
        return NUMBER.matcher(said)
                .results()
                .limit(1)
                .mapToDouble(number -> Double.parseDouble(number.group()) / 100)
                .filter(score -> score <= 1)
                .findFirst();
    }

    private static Map<String, List<Message>> load() {
        try (InputStream in = Judge.class.getResourceAsStream("prompts.json")) {
            return new ObjectMapper().readValue(in, new TypeReference<Map<String, List<Message>>>() {});
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
