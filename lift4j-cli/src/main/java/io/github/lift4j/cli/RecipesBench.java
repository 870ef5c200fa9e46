package io.github.lift4j.cli;

import io.github.lift4j.Lift;
import io.github.lift4j.engine.LiftException;
import io.github.lift4j.evaluation.benchmark.BenchmarkDocument;
import io.github.lift4j.evaluation.benchmark.BenchmarkReader;
import io.github.lift4j.evaluation.run.RecipeTable;
import io.github.lift4j.evaluation.run.RecipeTrial;
import io.github.lift4j.evaluation.statistics.Interval;
import io.github.lift4j.recipe.Recipe;
import io.github.lift4j.recipe.RecipeFile;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code lift bench recipes}: what each recipe makes of the documents of a benchmark. */
@Command(
        name = "recipes",
        mixinStandardHelpOptions = true,
        description = {
            "Absorbs each document by each recipe and asks its questions, without and with the document in the window",
            "(3,000 tokens of its head and as many of its tail). NLL is of the gold answer, in nats a token."
        },
        footer = {"", "Example:", "  lift bench recipes --data loogle/ --recipes fast,self-study"})
final class RecipesBench implements Callable<Integer> {

    private static final String HEADER = String.format(
            "%-24s %-22s %-22s %6s %6s %-18s %6s %6s %7s %7s",
            "recipe",
            "NLL without",
            "NLL with ICL",
            "F1",
            "+ICL",
            "F1+ICL over base",
            "instr.",
            "knowl.",
            "tasks s",
            "train s");

    @Option(names = "--data", paramLabel = "DIR", required = true, description = "The folder of the benchmark's files.")
    private Path data;

    @Option(
            names = "--set",
            paramLabel = "FILE",
            defaultValue = "shortdep_qa.jsonl",
            description = "Which file of it (default: ${DEFAULT-VALUE}).")
    private String set;

    @Option(
            names = "--recipes",
            paramLabel = "R,...",
            split = ",",
            defaultValue = "fast,self-study",
            description = "Names or files (default: ${DEFAULT-VALUE}).")
    private List<String> recipes;

    @Option(
            names = "--only",
            paramLabel = "N,...",
            split = ",",
            description = "Documents, counted from 1 (default: all).")
    private List<Integer> only = new ArrayList<>();

    @Option(names = "--work", paramLabel = "DIR", description = "Keeps memories here and uses those that are here.")
    private @Nullable Path work;

    @Mixin
    private ModelOptions model;

    @Mixin
    private OutputOptions output;

    @Override
    public Integer call() throws IOException {
        List<Recipe> read = recipes.stream().map(RecipeFile::read).toList();
        List<BenchmarkDocument> documents = documents();
        RecipeTable all = new RecipeTable();
        try (WorkFolder workspace = WorkFolder.of(work);
                ProgressDisplay progress = output.progress();
                Lift lift = model.open(Optional.empty(), progress)) {
            RecipeTrial trial = new RecipeTrial(lift, RecipeTrial.HEAD_AND_TAIL, workspace.path());
            for (BenchmarkDocument document : documents) {
                output.say(document.title() + System.lineSeparator() + HEADER);
                RecipeTable own = new RecipeTable();
                add(RecipeTable.BASE, trial.base(document), own, all);
                for (Recipe recipe : read) {
                    add(recipe.name(), trial.of(document, recipe), own, all);
                }
            }
        }
        output.print(
                Map.of("documents", documents.size(), "recipes", json(all)),
                "Mean over " + documents.size() + " documents" + System.lineSeparator() + HEADER
                        + System.lineSeparator() + words(all));
        return 0;
    }

    /** A document's row is shown as soon as it is known: the next may take an hour. */
    private void add(String recipe, RecipeTrial.Outcome outcome, RecipeTable own, RecipeTable all) {
        own.add(recipe, outcome);
        all.add(recipe, outcome);
        output.say(words(own.rows().getLast()));
    }

    private List<BenchmarkDocument> documents() {
        List<BenchmarkDocument> documents = new ArrayList<>();
        try (BenchmarkReader reader = BenchmarkReader.open(data.resolve(set))) {
            for (int number = 1; reader.hasNext(); number++) {
                BenchmarkDocument document = reader.next();
                if (only.isEmpty() || only.contains(number)) {
                    documents.add(document);
                }
            }
        }
        if (documents.isEmpty()) {
            throw new LiftException("--only " + only + " names no document of " + data.resolve(set) + ".");
        }
        return documents;
    }

    private static List<Map<String, Object>> json(RecipeTable table) {
        List<Map<String, Object>> rows = new ArrayList<>();
        for (RecipeTable.Row row : table.rows()) {
            Map<String, Object> values = new LinkedHashMap<>();
            values.put("recipe", row.recipe());
            values.put("nll", row.nll());
            values.put("nll_low", row.nllInterval().low());
            values.put("nll_high", row.nllInterval().high());
            values.put("nll_with_icl", row.nllWithDocument());
            values.put("nll_with_icl_low", row.nllWithDocumentInterval().low());
            values.put("nll_with_icl_high", row.nllWithDocumentInterval().high());
            values.put("f1", row.f1());
            values.put("f1_with_icl", row.f1WithDocument());
            values.put("f1_over_base_low", row.f1OverBase().low());
            values.put("f1_over_base_high", row.f1OverBase().high());
            values.put("instructions", row.instructions());
            values.put("knowledge", row.knowledge());
            values.put("task_seconds", row.taskSeconds());
            values.put("training_seconds", row.trainingSeconds());
            rows.add(values);
        }
        return rows;
    }

    private static String words(RecipeTable table) {
        return table.rows().stream().map(RecipesBench::words).collect(Collectors.joining(System.lineSeparator()));
    }

    private static String words(RecipeTable.Row row) {
        return String.format(
                Locale.ROOT,
                "%-24s %-22s %-22s %6.3f %6.3f %-18s %5.0f%% %5.0f%% %7.1f %7.1f",
                row.recipe(),
                figure(row.nll(), row.nllInterval()),
                figure(row.nllWithDocument(), row.nllWithDocumentInterval()),
                row.f1(),
                row.f1WithDocument(),
                String.format(
                        Locale.ROOT,
                        "%+.3f to %+.3f",
                        row.f1OverBase().low(),
                        row.f1OverBase().high()),
                100 * row.instructions(),
                100 * row.knowledge(),
                row.taskSeconds(),
                row.trainingSeconds());
    }

    private static String figure(double mean, Interval interval) {
        return String.format(Locale.ROOT, "%.3f (%.2f to %.2f)", mean, interval.low(), interval.high());
    }
}
