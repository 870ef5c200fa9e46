package io.github.lift4j.report;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * How a table of the paper is laid out.
 *
 * @param number in the paper
 * @param modes its rows; one with evidence stands for every source of it
 * @param tasks its columns
 */
record Layout(int number, String title, List<String> modes, List<Task> tasks) {

    /**
     * What a column, or two beside each other, is about.
     *
     * @param set the file in the data folder without its extension
     * @param kind of questions; empty for all
     */
    record Task(String name, String set, String kind, List<Measure> measures) {

        boolean has(Answer answer) {
            return answer.found().set().equals(set)
                    && (kind.isEmpty() || answer.found().kind().equals(kind));
        }
    }

    private static final List<String> METHODS = List.of("icl", "lift", "lift+icl");
    private static final List<String> WITH_EVIDENCE =
            List.of("icl", "lift", "lift+icl", "evidence+icl", "lift+evidence+icl");
    private static final List<String> SORTING =
            List.of("icl", "lift+icl", "lift+at+icl", "sft+icl", "sft+lift+icl", "sft+lift+at+icl");

    private static final List<Measure> JUDGED = List.of(Measure.JUDGE, Measure.F1);

    private static final Task SHORT_QA = new Task("ShortQA", "loogle/shortdep_qa", "", JUDGED);
    private static final Task LONG_QA = new Task("LongQA", "loogle/longdep_qa", "", JUDGED);

    private static final List<Task> TYPES = List.of(
            type("Comprehension & reasoning", "comprehension_and_reasoning"),
            type("Multiple information retrieval", "multiple_information_retrieval"),
            type("Computation", "computation"),
            type("Timeline reorder", "timeline_reorder"));

    /** The paper's six. */
    static final List<Layout> ALL = List.of(
            new Layout(1, "LooGLE", METHODS, List.of(SHORT_QA, LONG_QA)),
            new Layout(
                    2,
                    "LongBench",
                    METHODS,
                    List.of(
                            longBench("NarrativeQA", "narrativeqa", Measure.F1),
                            longBench("QMSum", "qmsum", Measure.ROUGE_L),
                            longBench("MuSiQue", "musique", Measure.F1),
                            longBench("GovReport", "gov_report", Measure.ROUGE_L),
                            longBench("PassageRetrieval-EN", "passage_retrieval_en", Measure.RETRIEVAL))),
            new Layout(3, "LooGLE LongQA by type of question", METHODS, TYPES),
            new Layout(
                    4,
                    "Sorting, with auxiliary tasks (AT) and fine-tuning beforehand (SFT)",
                    SORTING,
                    List.of(
                            sorting("BAMBOO ShowsSort 4k", "bamboo/showssort_4k"),
                            sorting("BAMBOO ShowsSort 16k", "bamboo/showssort_16k"),
                            sorting("BAMBOO ReportSumSort 4k", "bamboo/reportsumsort_4k"),
                            sorting("LooGLE timeline", "loogle/loogle_timeline"),
                            sorting("QuALITY passages", "quality/quality_sorting"))),
            new Layout(5, "LooGLE LongQA with and without evidence", WITH_EVIDENCE, List.of(LONG_QA)),
            new Layout(6, "LooGLE LongQA with and without evidence, by type of question", WITH_EVIDENCE, TYPES));

    private static Task type(String name, String kind) {
        return new Task(name, LONG_QA.set, kind, JUDGED);
    }

    private static Task longBench(String name, String task, Measure measure) {
        return new Task(name, "longbench/" + task, "", List.of(measure));
    }

    private static Task sorting(String name, String set) {
        return new Task(name, set, "", List.of(Measure.CONCORDANCE));
    }

    String id() {
        return "table-" + number;
    }

    /** The layout's own row for a mode of the run, such as {@code evidence+icl} for {@code evidence+icl:gold}. */
    static boolean isRow(String row, String mode) {
        return mode.equals(row) || mode.startsWith(row + ":");
    }

    /** The table with what the run has for it, model by model. */
    Table fill(List<Answer> answers, List<String> models, FixedOrders orders) {
        List<Answer> mine = answers.stream()
                .filter(answer -> tasks.stream().anyMatch(task -> task.has(answer)))
                .filter(answer -> modes.stream()
                        .anyMatch(mode -> isRow(mode, answer.found().mode())))
                .toList();
        List<Table.Block> blocks = new ArrayList<>();
        for (String model : models) {
            blocks.add(block(
                    model,
                    mine.stream().filter(answer -> answer.model().equals(model)).toList(),
                    orders));
            if (PaperFigures.isOf(model)) {
                PaperFigures.block(this, "the same model; figures as the paper prints them")
                        .ifPresent(blocks::add);
            }
        }
        if (models.stream().noneMatch(PaperFigures::isOf)) {
            PaperFigures.block(this, "another model; figures as the paper prints them")
                    .ifPresent(blocks::add);
        }
        return new Table(
                id(),
                "Table " + number + ". " + title,
                columns(),
                blocks,
                notes(
                        mine,
                        models.stream()
                                .anyMatch(model -> orders.row(model, tasks).isPresent())));
    }

    List<Table.Column> columns() {
        return tasks.stream()
                .flatMap(task -> task.measures().stream().map(measure -> new Table.Column(task.name(), measure)))
                .toList();
    }

    private Table.Block block(String model, List<Answer> answers, FixedOrders orders) {
        return new Table.Block(
                model,
                "",
                Stream.concat(
                                modes.stream().flatMap(mode -> rows(model, mode, answers, orders)),
                                orders.row(model, tasks).stream())
                        .toList());
    }

    /** A row for each way in which the run did a mode, or one that says there is none. */
    private Stream<Table.Row> rows(String model, String mode, List<Answer> answers, FixedOrders orders) {
        List<Table.Row> rows = Way.of(answers).stream()
                .filter(way -> isRow(mode, way.mode()))
                .map(way -> row(model, way, way.among(answers), orders))
                .toList();
        return rows.isEmpty() ? Stream.of(row(model, new Way(mode, ""), List.of(), orders)) : rows.stream();
    }

    private Table.Row row(String model, Way way, List<Answer> answers, FixedOrders orders) {
        return new Table.Row(
                way.mode(),
                way.recipe(),
                tasks.stream()
                        .flatMap(task -> {
                            List<Answer> cell =
                                    answers.stream().filter(task::has).toList();
                            return task.measures().stream()
                                    .map(measure -> Scores.cell(
                                            cell,
                                            measure,
                                            AnswerSections.anchor(task.set(), task.kind()),
                                            orders.lead(model, way, task)));
                        })
                        .toList());
    }

    private List<String> notes(List<Answer> answers, boolean orders) {
        List<String> notes = new ArrayList<>();
        if (PaperFigures.block(this, "").isEmpty()) {
            notes.add("The paper prints this table as a picture, and none of its figures in the text.");
        } else {
            notes.add("The paper's table is a picture; here are the figures that its text gives."
                    + (columns().stream().anyMatch(column -> column.measure().equals(Measure.JUDGE))
                            ? " Its judge is GPT-4; this run's is named below where there is one."
                            : ""));
        }
        if (answers.stream().anyMatch(answer -> answer.found().mode().endsWith(":gold"))) {
            notes.add(
                    "With gold evidence only those questions are asked that have it: compare modes where their numbers"
                            + " of questions agree.");
        }
        if (orders) {
            notes.add("The best fixed order is the one that, given as the answer to every question, would have had the"
                    + " highest mean: found in hindsight, on the questions that ask for the commonest number of things."
                    + " On them a mode's lead is its paired difference from the better one of this order and the base"
                    + " model's icl.");
        }
        return notes;
    }
}
