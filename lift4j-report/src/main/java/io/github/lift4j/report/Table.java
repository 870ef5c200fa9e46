package io.github.lift4j.report;

import io.github.lift4j.evaluation.statistics.Interval;
import io.github.lift4j.evaluation.suite.FixedOrder;
import java.util.List;
import java.util.Optional;

/**
 * A table of the report: a block for each model, a row for each mode and recipe, a column for each measure of a task.
 *
 * @param id by which files and links name it, such as {@code table-1}
 * @param notes what a reader has to know of its figures
 */
public record Table(String id, String title, List<Column> columns, List<Block> blocks, List<String> notes) {

    /**
     * What a column measures.
     *
     * @param task such as {@code LongQA}; columns of one task stand side by side
     */
    public record Column(String task, Measure measure) {}

    /**
     * The rows of one model.
     *
     * @param model whose figures they are
     * @param remark what sets the block apart, such as that its figures are printed ones; empty where nothing does
     */
    public record Block(String model, String remark, List<Row> rows) {

        public Block {
            rows = List.copyOf(rows);
        }
    }

    /**
     * A mode's figures.
     *
     * @param recipe by which documents were absorbed; empty where none was
     * @param cells one for each column
     */
    public record Row(String mode, String recipe, List<Cell> cells) {

        public Row {
            cells = List.copyOf(cells);
        }
    }

    /** What stands in a row under a column. */
    public sealed interface Cell {}

    /**
     * A figure of this run.
     *
     * @param mean over questions with its 95% interval, in the measure's own unit
     * @param nll of the gold answers to the same questions, in nats a token; empty where it was not measured
     * @param questions how many, each counted once however many seeds it was asked with
     * @param answers the part of the page where they stand
     * @param lead of an ordering over what needs no reading; empty where it is not compared with that
     */
    public record Score(
            Interval mean, Optional<Interval> nll, int questions, String answers, Optional<FixedOrder.Lead> lead)
            implements Cell {}

    /**
     * What one order, the same for all questions, has at best.
     *
     * @param answers the part of the page where the questions stand
     */
    public record Fixed(FixedOrder order, String answers) implements Cell {}

    /** A figure of the paper, as printed. */
    public record Printed(double value) implements Cell {}

    /** No figure, and why. */
    public record Missing(String why) implements Cell {}

    public Table {
        columns = List.copyOf(columns);
        blocks = List.copyOf(blocks);
        notes = List.copyOf(notes);
    }
}
