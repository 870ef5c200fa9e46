package io.github.lift4j.cli;

import io.github.lift4j.Lift;
import io.github.lift4j.engine.LiftException;
import io.github.lift4j.engine.hub.HubSettings;
import io.github.lift4j.engine.runtime.ComputeDevice;
import io.github.lift4j.evaluation.data.OfficialData;
import io.github.lift4j.evaluation.result.Environment;
import io.github.lift4j.evaluation.result.Result;
import io.github.lift4j.evaluation.result.ResultStore;
import io.github.lift4j.evaluation.result.RunFolder;
import io.github.lift4j.evaluation.result.Unit;
import io.github.lift4j.evaluation.suite.FixedOrder;
import io.github.lift4j.evaluation.suite.Plan;
import io.github.lift4j.evaluation.suite.Share;
import io.github.lift4j.evaluation.suite.Suite;
import io.github.lift4j.evaluation.suite.SuiteFile;
import io.github.lift4j.evaluation.suite.SuiteRun;
import io.github.lift4j.evaluation.suite.SuiteTable;
import io.github.lift4j.evaluation.suite.UnitWork;
import io.github.lift4j.remote.CostEstimate;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;

/** {@code lift bench run}: the benchmarks of a suite. */
@Command(
        name = "run",
        mixinStandardHelpOptions = true,
        description = {
            "Runs the benchmarks that a suite names: each document is absorbed once a recipe and seed, and asked about in",
            "all modes. What is finished is kept at once; the same command goes on with a run that was stopped or killed."
        },
        footer = {
            "",
            "Examples:",
            "  lift bench run suites/small.yaml --data benchmarks/ --dry-run",
            "  lift bench run suites/small.yaml --data benchmarks/ --out runs/small",
            "  lift bench run suites/small.yaml --out runs/small --part 1/4"
        })
final class SuiteBench implements Callable<Integer> {

    @Spec
    private CommandSpec spec;

    @Parameters(paramLabel = "SUITE", description = "A YAML file that says what to measure.")
    private Path file;

    @Option(
            names = "--data",
            paramLabel = "DIR",
            description =
                    "The folder of the benchmarks' files, such as DIR/loogle/shortdep_qa.jsonl (default: fetched from"
                            + " where their authors keep them).")
    private @Nullable Path data;

    @Option(
            names = "--out",
            paramLabel = "DIR",
            description = "The folder of the run, new or to go on in (default: runs/ and the suite's name).")
    private @Nullable Path out;

    @Option(
            names = "--limit",
            paramLabel = "N",
            defaultValue = "2147483647",
            description = "Only the first N documents of each set, and as many needles and inputs.")
    private int limit;

    @Option(
            names = "--only",
            paramLabel = "SET,...",
            split = ",",
            description = "Only these sets, or needles, efficiency or order.")
    private List<String> only = new ArrayList<>();

    @Option(
            names = "--part",
            paramLabel = "K/N",
            defaultValue = "1/1",
            converter = ShareConverter.class,
            description = "Only the Kth of N parts; N calls, one for each part, may run at once into one --out.")
    private Share share;

    @Option(
            names = "--dry-run",
            description =
                    "Shows what there is to do, how long it may take and what closed models cost, and does nothing.")
    private boolean dry;

    @Option(names = "--yes", description = "Agrees beforehand to what closed models cost.")
    private boolean yes;

    @Mixin
    private DeviceOptions device;

    @Mixin
    private OutputOptions output;

    @Override
    public Integer call() throws IOException {
        String text = SuiteFile.text(file);
        Suite suite = SuiteFile.parse(text, file);
        Path published = Optional.ofNullable(data).orElseGet(() -> fetched(suite));
        Plan plan = Plan.of(suite, published);
        plan.badLines().forEach(bad -> spec.commandLine().getErr().println("lift: passed over " + bad));
        plan.missing().forEach(set -> spec.commandLine().getErr().println("lift: no data of " + set));
        List<Plan.Step> steps = share.of(plan.some(only, limit));
        Path folder = Optional.ofNullable(out).orElse(Path.of("runs", suite.name()));
        try (WorkFolder place = dry && !Files.exists(folder) ? WorkFolder.of(null) : WorkFolder.of(folder)) {
            RunFolder run = RunFolder.create(place.path());
            SuiteRun.requireSuite(run, text);
            return run(run, published, text, suite, plan, steps);
        } catch (CancellationException e) {
            throw new LiftException("Stopped; what is finished is kept. The same command goes on from here.", e);
        }
    }

    private Path fetched(Suite suite) {
        OfficialData official = OfficialData.of(HubSettings.fromEnvironment(System.getenv()));
        try (ProgressDisplay progress = output.progress()) {
            suite.folders().forEach(set -> official.fetch(set, progress));
        }
        return official.folder();
    }

    private int run(RunFolder run, Path published, String text, Suite suite, Plan plan, List<Plan.Step> steps) {
        try (ProgressDisplay progress = output.progress();
                ResultStore store = run.results()) {
            ClosedUnits closed =
                    new ClosedUnits(suite, progress, unit -> SuiteRun.begin(run, text, environment(unit, plan)));
            try (UnitWork work =
                    new UnitWork(published, run.work(), weights -> open(run, text, plan, weights, progress), closed)) {
                store.plan(plan.units());
                return run(run, steps, store, work, closed, progress);
            }
        }
    }

    private int run(
            RunFolder run,
            List<Plan.Step> steps,
            ResultStore store,
            UnitWork work,
            ClosedUnits closed,
            ProgressDisplay progress) {
        SuiteRun suiteRun = new SuiteRun(store, work, new Lines(progress));
        ClosedCosts costs = new ClosedCosts(closed, work, store.open());
        if (dry) {
            show(steps, costs, suiteRun);
            return 0;
        }
        costs.confirm(steps, spec.commandLine().getErr(), yes);
        List<SuiteRun.Failure> failures = suiteRun.run(steps);
        progress.close();
        List<Result> results = store.results();
        List<SuiteTable.Row> rows = SuiteTable.of(results);
        List<FixedOrder> orders = FixedOrder.of(results);
        output.print(json(run, store, failures, rows, orders), SuiteWords.table(rows, orders));
        return failures.isEmpty() ? 0 : 1;
    }

    private Lift open(RunFolder run, String suite, Plan plan, String weights, ProgressDisplay progress) {
        Optional<String> before = run.begun()
                ? Optional.of(run.environment()).filter(Environment::local).map(Environment::dtype)
                : Optional.empty();
        Lift lift = device.open(weights, before, progress);
        try {
            if (!dry) {
                SuiteRun.begin(run, suite, environment(lift, weights, plan));
            }
            return lift;
        } catch (RuntimeException e) {
            lift.close();
            throw e;
        }
    }

    private static Map<String, String> details(Plan plan) {
        Map<String, String> details = new TreeMap<>(Machine.facts());
        plan.sizes().forEach((set, size) -> details.put("documents of " + set, String.valueOf(size)));
        return details;
    }

    /** Under what a closed model is asked: nothing of it runs here. */
    private Environment environment(Unit.Reading unit, Plan plan) {
        Map<String, String> details = details(plan);
        details.put("closed model " + unit.model(), ClosedUnits.name(unit));
        return new Environment(Main.version(), command(), "", "", 0, Map.of(), now(), details);
    }

    private static String now() {
        return Instant.now().truncatedTo(ChronoUnit.SECONDS).toString();
    }

    private Environment environment(Lift lift, String weights, Plan plan) {
        return new Environment(
                Main.version(),
                command(),
                lift.model().transformer().device().toString(),
                lift.model().transformer().type().toString(),
                ComputeDevice.threads(),
                Map.of(weights, lift.model().hash()),
                now(),
                details(plan));
    }

    private List<String> command() {
        List<String> command = new ArrayList<>(List.of("lift"));
        command.addAll(spec.root().commandLine().getParseResult().originalArgs());
        return command;
    }

    private void show(List<Plan.Step> steps, ClosedCosts costs, SuiteRun run) {
        List<Map<String, Object>> units = new ArrayList<>();
        StringBuilder words = new StringBuilder();
        double total = 0;
        Iterator<Double> each = run.secondsLeft(steps).iterator();
        for (Plan.Step step : steps) {
            boolean finished = !costs.open().contains(step.unit());
            Optional<CostEstimate> cost = costs.of(List.of(step));
            double seconds = each.next();
            total += seconds;
            String left = cost.map(ClosedCosts::words).orElse("about " + SuiteWords.duration(seconds));
            words.append(String.format("%-72s %s%n", SuiteWords.name(step.unit()), finished ? "finished" : left));
            Map<String, Object> unit = new LinkedHashMap<>();
            unit.put("unit", SuiteWords.name(step.unit()));
            unit.put("finished", finished);
            unit.put("seconds", seconds);
            cost.ifPresent(estimate -> unit.put("cost", estimate.price()));
            units.add(unit);
        }
        words.append(steps.size()).append(" units, about ").append(SuiteWords.duration(total));
        Map<String, Object> result = new LinkedHashMap<>();
        result.put("units", units);
        result.put("seconds", total);
        costs.of(steps).ifPresent(cost -> {
            words.append("; closed models as long as their provider takes: ").append(ClosedCosts.words(cost));
            result.put("cost", cost.price());
        });
        output.print(result, words.toString());
    }

    private static Map<String, Object> json(
            RunFolder run,
            ResultStore store,
            List<SuiteRun.Failure> failures,
            List<SuiteTable.Row> rows,
            List<FixedOrder> orders) {
        Map<String, Object> result = new LinkedHashMap<>();
        result.put("run", run.path().toString());
        result.put("finished", store.planned().size() - store.open().size());
        result.put("planned", store.planned().size());
        result.put(
                "failed",
                failures.stream()
                        .map(failure -> Map.of(
                                "unit",
                                SuiteWords.name(failure.unit()),
                                "why",
                                String.valueOf(failure.why().getMessage())))
                        .toList());
        result.put("rows", rows.stream().map(SuiteWords::json).toList());
        result.put("fixed_orders", orders.stream().map(OrderWords::json).toList());
        return result;
    }

    /** Says what is wrong with a part as with any other option. */
    static final class ShareConverter implements ITypeConverter<Share> {

        @Override
        public Share convert(String text) {
            try {
                return Share.parse(text);
            } catch (LiftException e) {
                throw new TypeConversionException(e.getMessage());
            }
        }
    }

    /** Prints units as they are finished. */
    private final class Lines implements SuiteRun.Listener {

        private final ProgressDisplay progress;

        Lines(ProgressDisplay progress) {
            this.progress = progress;
        }

        @Override
        public void finished(Result result, int done, int total, double secondsLeft) {
            progress.close();
            if (!output.isJson()) {
                output.out().println(SuiteWords.finished(result, done, total, secondsLeft));
                output.out().flush();
            }
        }

        @Override
        public void failed(Unit unit, LiftException why, int done, int total) {
            progress.close();
            spec.commandLine()
                    .getErr()
                    .println("lift: [" + done + "/" + total + "] " + SuiteWords.name(unit) + ": " + why.getMessage());
        }
    }
}
