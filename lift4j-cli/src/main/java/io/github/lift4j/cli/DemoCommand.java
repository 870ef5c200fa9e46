package io.github.lift4j.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.lift4j.Lift;
import io.github.lift4j.answer.Answerer;
import io.github.lift4j.answer.Mode;
import io.github.lift4j.document.Document;
import io.github.lift4j.engine.generation.Sampling;
import io.github.lift4j.memory.Memory;
import io.github.lift4j.recipe.Recipe;
import io.github.lift4j.recipe.RecipeFile;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code lift demo}: an invented document longer than the window, absorbed and asked about in the paper's three modes. */
@Command(
        name = "demo",
        mixinStandardHelpOptions = true,
        description = {
            "Absorbs an invented expedition report of more than 11,000 tokens, then asks 25 questions in three modes:",
            "20 about its middle, which truncation cuts out of the window, and 5 about its ends."
        })
final class DemoCommand implements Callable<Integer> {

    private static final int ANSWER_LIMIT = 48;

    /** One question of the demo; an answer is correct that holds the gold key or another spelling of it. */
    private record Question(String question, String gold, List<String> accepted, String place) {

        static Question of(JsonNode json) {
            List<String> accepted = new ArrayList<>(List.of(json.get("key").asText()));
            json.path("accept").forEach(node -> accepted.add(node.asText()));
            return new Question(
                    json.get("question").asText(),
                    json.get("answer").asText(),
                    accepted,
                    json.get("place").asText());
        }

        boolean answeredBy(String answer) {
            String lower = answer.toLowerCase(Locale.ROOT);
            return accepted.stream().anyMatch(a -> lower.contains(a.toLowerCase(Locale.ROOT)));
        }
    }

    /** What one mode made of one question. */
    private record Outcome(Question question, String answer, double nll) {

        boolean correct() {
            return question.answeredBy(answer);
        }
    }

    @Option(names = "--out", paramLabel = "DIR", description = "Keeps the memory in this folder.")
    private @Nullable Path out;

    @Option(
            names = "--recipe",
            paramLabel = "NAME|FILE",
            defaultValue = "recite",
            description = "How it is absorbed (default: ${DEFAULT-VALUE}).")
    private String recipe;

    @Option(names = "--seed", paramLabel = "N", description = "Fixes the order of the segments and the start.")
    private @Nullable Long seed;

    @Mixin
    private ModelOptions model;

    @Mixin
    private OutputOptions output;

    @Override
    public Integer call() throws IOException {
        long started = System.nanoTime();
        try (WorkFolder folder = WorkFolder.of(out);
                ProgressDisplay progress = output.progress();
                Lift lift = model.open(Optional.empty(), progress);
                Document document = Document.of("The Varrow Island Expedition, 1908 to 1910", text("expedition.md"))) {
            Memory memory = lift.absorb(document, recipe(), folder.path().resolve("memory"));
            double absorbed = (System.nanoTime() - started) / 1e9;
            Map<Mode, List<Outcome>> outcomes = new LinkedHashMap<>();
            for (Mode mode : Mode.ALL) {
                progress.advance("Answering", outcomes.size(), Mode.ALL.size(), mode.toString());
                outcomes.put(mode, answers(lift, memory, mode));
            }
            progress.close();
            double seconds = (System.nanoTime() - started) / 1e9;
            output.print(json(outcomes, seconds), words(outcomes, absorbed, seconds));
        }
        return 0;
    }

    private Recipe recipe() {
        Recipe read = RecipeFile.read(recipe);
        return seed == null ? read : read.withSeed(seed);
    }

    private static List<Outcome> answers(Lift lift, Memory memory, Mode mode) throws IOException {
        List<Question> questions = questions();
        List<String> asked = questions.stream().map(Question::question).toList();
        List<String> gold = questions.stream().map(Question::gold).toList();
        try (Answerer answerer = lift.answerer(memory, mode, ANSWER_LIMIT)) {
            List<String> answers = answerer.askEach(asked, Sampling.GREEDY);
            List<Double> nll = answerer.scoreEach(asked, gold);
            return IntStream.range(0, questions.size())
                    .mapToObj(i -> new Outcome(questions.get(i), answers.get(i), nll.get(i)))
                    .toList();
        }
    }

    private static List<Question> questions() throws IOException {
        List<Question> questions = new ArrayList<>();
        new ObjectMapper()
                .readTree(text("questions.json"))
                .get("questions")
                .forEach(q -> questions.add(Question.of(q)));
        return questions;
    }

    private static Map<String, Object> json(Map<Mode, List<Outcome>> outcomes, double seconds) {
        Map<String, Object> modes = new LinkedHashMap<>();
        outcomes.forEach((mode, list) ->
                modes.put(mode.toString(), Map.of("middle", figures(list, "middle"), "ends", figures(list, "ends"))));
        return Map.of("seconds", seconds, "modes", modes);
    }

    /** What a mode reached on the questions of one place; the components are the JSON's keys. */
    private record Figures(double nll, double correct) {}

    private static Figures figures(List<Outcome> outcomes, String place) {
        List<Outcome> there = outcomes.stream()
                .filter(o -> o.question().place().equals(place))
                .toList();
        double nll = there.stream().mapToDouble(Outcome::nll).average().orElseThrow();
        long correct = there.stream().filter(Outcome::correct).count();
        return new Figures(nll, (double) correct / there.size());
    }

    private static String words(Map<Mode, List<Outcome>> outcomes, double absorbed, double seconds) {
        StringBuilder words = new StringBuilder();
        List<Outcome> first = outcomes.getOrDefault(Mode.ICL, List.of());
        for (int i = 0; i < first.size(); i++) {
            Question question = first.get(i).question();
            words.append(String.format(
                    "%n%s (%s)%n  %-9s %s%n", question.question(), question.place(), "gold", question.gold()));
            for (Map.Entry<Mode, List<Outcome>> entry : outcomes.entrySet()) {
                Outcome outcome = entry.getValue().get(i);
                words.append(String.format(
                        "  %-9s %s %s%n", entry.getKey(), outcome.correct() ? "+" : "-", oneLine(outcome.answer())));
            }
        }
        words.append(
                String.format("%n%-10s %16s %12s %16s %12s%n", "mode", "middle correct", "NLL", "ends correct", "NLL"));
        outcomes.forEach((mode, list) -> words.append(String.format(
                Locale.ROOT,
                "%-10s %15.0f%% %12.3f %15.0f%% %12.3f%n",
                mode,
                100 * figures(list, "middle").correct(),
                figures(list, "middle").nll(),
                100 * figures(list, "ends").correct(),
                figures(list, "ends").nll())));
        return words.append(String.format(
                        Locale.ROOT,
                        "%nNLL is of the gold answer, in nats a token. Absorbed in %.0f s, %.0f s in all.",
                        absorbed,
                        seconds))
                .toString();
    }

    private static String oneLine(String answer) {
        String line = answer.replaceAll("\\s+", " ");
        return line.length() > 100 ? line.substring(0, 100) + "..." : line;
    }

    private static String text(String name) throws IOException {
        try (InputStream stream = DemoCommand.class.getResourceAsStream("demo/" + name)) {
            if (stream == null) {
                throw new IllegalStateException("the demo's " + name + " is missing from the command's jar");
            }
            return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
