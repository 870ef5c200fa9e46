package io.github.lift4j.report;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.github.lift4j.engine.AtomicFile;
import io.github.lift4j.engine.LiftException;
import io.github.lift4j.evaluation.result.Environment;
import io.github.lift4j.evaluation.result.Finding;
import io.github.lift4j.evaluation.result.Result;
import io.github.lift4j.evaluation.result.ResultStore;
import io.github.lift4j.evaluation.result.ResultTables;
import io.github.lift4j.evaluation.result.RunFolder;
import io.github.lift4j.evaluation.result.Unit;
import io.github.lift4j.evaluation.suite.FixedOrder;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * What a run of benchmarks found: the paper's tables and figures with this run's figures in them. The same results give the
 * same report, byte for byte but for times.
 *
 * @param name of the suite
 * @param suite as it was read, YAML
 * @param environment under what the run was made
 * @param planned units of work, of which {@code finished} are there
 * @param results all of them
 * @param tables the paper's six in its order, then one of all sets
 */
public record Report(
        String name,
        String suite,
        Environment environment,
        int planned,
        int finished,
        List<Result> results,
        List<Table> tables) {

    public Report {
        results = List.copyOf(results);
        tables = List.copyOf(tables);
    }

    /**
     * The report of a run, which may be under way still.
     *
     * @throws LiftException where there is no run in the folder, or it cannot be read
     */
    public static Report of(RunFolder run) {
        Environment environment = run.environment();
        String suite = run.suite();
        try (ResultStore store = run.results()) {
            List<Result> results = store.results();
            List<Unit> planned = store.planned();
            return new Report(
                    name(suite),
                    suite,
                    environment,
                    planned.size(),
                    planned.size() - store.open().size(),
                    results,
                    tables(results));
        }
    }

    private static String name(String suite) {
        try {
            return new YAMLMapper().readTree(suite).path("name").asText();
        } catch (JacksonException e) {
            throw new LiftException(
                    "The run's suite.yaml is damaged (" + e.getOriginalMessage() + "): put the suite there again.", e);
        }
    }

    private static List<Table> tables(List<Result> results) {
        List<Answer> answers = Answer.of(results);
        List<String> models = models(results);
        FixedOrders orders = new FixedOrders(FixedOrder.of(results));
        return Stream.concat(
                        Layout.ALL.stream().map(layout -> layout.fill(answers, models, orders)),
                        Stream.of(AllSets.of(answers)))
                .toList();
    }

    private static List<String> models(List<Result> results) {
        return results.stream().map(result -> result.unit().model()).distinct().toList();
    }

    /** Figures 2 to 4 for each model; those that have data. */
    List<Figure> figures() {
        List<String> models = models(results);
        return IntStream.range(0, models.size())
                .boxed()
                .flatMap(i -> figures(models.get(i), i == 0 ? "" : "-model-" + (i + 1)))
                .toList();
    }

    private Stream<Figure> figures(String model, String suffix) {
        return Stream.of(
                        OrderFigures.of("figure-2" + suffix, model, Answer.of(results)).stream(),
                        EfficiencyFigures.of("figure-3" + suffix, model, findings(model, Finding.Timing.class))
                                .stream(),
                        NeedleFigures.of("figure-4" + suffix, model, findings(model, Finding.Needle.class)).stream())
                .flatMap(part -> part);
    }

    private <F extends Finding> List<F> findings(String model, Class<F> kind) {
        return results.stream()
                .filter(result -> result.unit().model().equals(model))
                .flatMap(result -> result.findings().stream())
                .filter(kind::isInstance)
                .map(kind::cast)
                .toList();
    }

    /**
     * Writes {@code index.html}, {@code report.md}, and the folders {@code figures} (SVG and PNG), {@code tables} (CSV) and
     * {@code data} (CSV of every finding).
     *
     * @param folder new, or one whose report is replaced
     * @param questions most of a kind that are shown with their answers in the page; {@code data} has all
     * @return the page
     * @throws LiftException where something cannot be written
     */
    public Path write(Path folder, int questions) {
        List<Figure> figures = figures();
        makeFolders(folder);
        for (Figure figure : figures) {
            Path file = folder.resolve("figures").resolve(figure.id());
            text(
                    file.resolveSibling(figure.id() + ".svg"),
                    figure.drawing().svg(figure.id(), figure.title(), figure.description()));
            AtomicFile.write(file.resolveSibling(figure.id() + ".png"), figure.drawing()::writePng);
        }
        for (Table table : tables) {
            TableFile.write(table, folder.resolve("tables").resolve(table.id() + ".csv"));
        }
        ResultTables.write(results, ResultTables.Format.CSV, folder.resolve("data"));
        text(folder.resolve("report.md"), new MarkdownPage(this, figures).text());
        Path page = folder.resolve("index.html");
        text(page, HtmlPage.of(this, figures, questions).text());
        return page;
    }

    private static void makeFolders(Path folder) {
        try {
            Files.createDirectories(folder.resolve("figures"));
            Files.createDirectories(folder.resolve("tables"));
        } catch (IOException e) {
            throw new LiftException("The folder " + folder + " cannot be made: name another with --out.", e);
        }
    }

    private static void text(Path file, String text) {
        AtomicFile.write(file, out -> out.write(text.getBytes(StandardCharsets.UTF_8)));
    }

    /** How the run was made, name by name. */
    List<Fact> facts() {
        List<Fact> facts = new ArrayList<>();
        facts.add(new Fact(
                "Command",
                environment.command().stream()
                        .map(Report::quoted)
                        .reduce((a, b) -> a + " " + b)
                        .orElse("")));
        facts.add(new Fact("Started", environment.started()));
        facts.add(new Fact("lift4j", environment.version()));
        if (environment.local()) {
            facts.add(new Fact("Device", environment.device()));
            facts.add(new Fact("Data type", environment.dtype()));
            facts.add(new Fact("Threads", String.valueOf(environment.threads())));
        }
        facts.add(new Fact(
                "Seeds",
                String.join(
                        ", ",
                        results.stream()
                                .map(result -> String.valueOf(result.unit().seed()))
                                .distinct()
                                .sorted()
                                .toList())));
        environment.models().forEach((model, hash) -> facts.add(new Fact("Weights of " + model, hash)));
        environment.details().forEach((name, value) -> facts.add(new Fact(name, value)));
        return facts;
    }

    /** As a shell takes it. */
    private static String quoted(String word) {
        return word.matches("[\\w./:=,@%+-]+") ? word : "'" + word.replace("'", "'\\''") + "'";
    }

    /** One thing that is known of the run. */
    record Fact(String name, String value) {}
}
