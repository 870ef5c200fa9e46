package io.github.lift4j.evaluation.metric;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.ToDoubleFunction;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/**
 * Every score in the reference files, which hold what the official scripts gave. {@code -Dlift4j.metrics=FILE} names one
 * more file of the same layout. A score that no metric here gives fails.
 */
class MetricsReferenceTest {

    private static final Path FOLDER = Path.of("src/test/resources/reference");
    private static final Set<String> INPUTS =
            Set.of("prediction", "reference", "predicted", "answer", "predictions", "answers", "classes");

    private static final Map<String, ToDoubleFunction<JsonNode>> SCORES = Map.ofEntries(
            metric("longbench_qa_f1", new TokenF1()),
            metric("longbench_rouge_l_f", new RougeL()),
            metric("longbench_code_sim", new EditSimilarity()),
            metric("longbench_retrieval", new RetrievalScore()),
            metric("longbench_count", new CountScore()),
            metric("loogle_bleu1", new Bleu(1)),
            metric("loogle_bleu4", new Bleu(4)),
            metric("nltk_meteor_without_synonyms", new Meteor()),
            metric("loogle_rouge1_r", (p, r) -> new RougeN(1).compare(p, r).recall()),
            metric("loogle_rouge2_r", (p, r) -> new RougeN(2).compare(p, r).recall()),
            metric("loogle_rougel_r", (p, r) -> new RougeL().compare(p, r).recall()),
            metric("loogle_rouge1_f", (p, r) -> new RougeN(1).compare(p, r).f1()),
            metric("loogle_rouge2_f", (p, r) -> new RougeN(2).compare(p, r).f1()),
            metric("loogle_rougel_f", (p, r) -> new RougeL().compare(p, r).f1()),
            metric("bamboo_qa_accuracy", new ChoiceAccuracy()),
            metric("bamboo_pred_accuracy", new SpeakerAccuracy()),
            metric("bamboo_altqa_accuracy", new ExactAnswer()),
            Map.entry(
                    "longbench_classification",
                    row -> new ClassificationScore(texts(row.get("classes")))
                            .score(text(row, "prediction"), text(row, "reference"))),
            Map.entry("concordance_index", row -> concordance(row).index()),
            Map.entry("length_mismatch", row -> concordance(row).lengthMismatch() ? 1 : 0),
            Map.entry("exact", row -> cloze(row).exact()),
            Map.entry("partial", row -> cloze(row).partial()),
            Map.entry("count", row -> cloze(row).count()),
            Map.entry("precision", row -> verdicts(row).precision()),
            Map.entry("recall", row -> verdicts(row).recall()),
            Map.entry("f1", row -> verdicts(row).f1()),
            Map.entry("location_square_deviation", row -> timeline(row).squared()),
            Map.entry("location_mean_deviation", row -> timeline(row).mean()),
            Map.entry("swap_deviation", row -> timeline(row).swaps()),
            Map.entry("swap_distance_deviation", row -> timeline(row).swapDistance()),
            Map.entry("max_location_square_deviation", row -> worst(row).squared()),
            Map.entry("max_location_mean_deviation", row -> worst(row).mean()),
            Map.entry("max_swap_deviation", row -> worst(row).swaps()),
            Map.entry("max_swap_distance_deviation", row -> worst(row).swapDistance()));

    @TestFactory
    Stream<DynamicTest> agreeWithTheOfficialScripts() throws IOException {
        List<DynamicTest> tests = new ArrayList<>();
        for (Path file : files()) {
            new ObjectMapper().readTree(file.toFile()).properties().forEach(section -> {
                int number = 0;
                for (JsonNode row : section.getValue()) {
                    String name = file.getFileName() + " " + section.getKey() + " " + number++;
                    tests.add(DynamicTest.dynamicTest(name, () -> check(row)));
                }
            });
        }
        return tests.stream();
    }

    @Test
    void areAllExercised() throws IOException {
        Set<String> seen = new HashSet<>();
        for (Path file : files()) {
            new ObjectMapper()
                    .readTree(file.toFile())
                    .forEach(section -> section.forEach(row -> row.fieldNames().forEachRemaining(seen::add)));
        }
        assertThat(seen).containsAll(SCORES.keySet());
    }

    private static List<Path> files() {
        List<Path> files = new ArrayList<>(List.of(
                FOLDER.resolve("metrics.json"), FOLDER.resolve("official.json"), FOLDER.resolve("meteor.json")));
        if (System.getProperty("lift4j.metrics") instanceof String file) {
            files.add(Path.of(file));
        }
        return files;
    }

    private static void check(JsonNode row) {
        row.properties().stream()
                .filter(score -> !INPUTS.contains(score.getKey()))
                .forEach(score -> assertThat(SCORES.getOrDefault(score.getKey(), none -> Double.NaN)
                                .applyAsDouble(row))
                        .as("%s of %s", score.getKey(), row)
                        .isCloseTo(
                                score.getValue().isBoolean()
                                        ? score.getValue().asInt()
                                        : score.getValue().doubleValue(),
                                within(1e-6)));
    }

    private static Map.Entry<String, ToDoubleFunction<JsonNode>> metric(String name, Metric metric) {
        return Map.entry(
                name,
                row -> metric.score(text(row, "prediction"), text(row, row.has("reference") ? "reference" : "answer")));
    }

    private static Concordance concordance(JsonNode row) {
        return Concordance.of(numbers(row.get("predicted")), numbers(row.get("answer")));
    }

    private static TimelineDeviation timeline(JsonNode row) {
        return TimelineDeviation.of(numbers(row.get("predicted")), numbers(row.get("answer")));
    }

    private static TimelineDeviation worst(JsonNode row) {
        return TimelineDeviation.worst(row.get("answer").size());
    }

    private static Agreement verdicts(JsonNode row) {
        return Verdicts.compare(
                texts(row.get("predictions")),
                row.get("answers").valueStream().map(JsonNode::booleanValue).toList());
    }

    private static ClozeMatch cloze(JsonNode row) {
        JsonNode prediction = row.get("prediction");
        return prediction.isTextual()
                ? ClozeMatch.of(map(row.get("reference")), prediction.textValue())
                : ClozeMatch.of(map(row.get("reference")), map(prediction));
    }

    private static String text(JsonNode row, String name) {
        return row.get(name).textValue();
    }

    private static List<String> texts(JsonNode array) {
        return array.valueStream().map(JsonNode::textValue).toList();
    }

    private static List<Integer> numbers(JsonNode array) {
        return array.valueStream().map(JsonNode::intValue).toList();
    }

    private static Map<String, String> map(JsonNode object) {
        Map<String, String> map = new LinkedHashMap<>();
        object.properties()
                .forEach(entry -> map.put(entry.getKey(), entry.getValue().textValue()));
        return map;
    }
}
