package io.github.lift4j.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.jsoup.Jsoup;
import org.jsoup.nodes.Document;
import org.jsoup.nodes.Element;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A report of invented findings. */
class ReportTest {

    @TempDir
    private static Path folder;

    private static Report report;
    private static Document page;

    @BeforeAll
    static void write() throws IOException {
        report = Report.of(InventedRun.whole(folder.resolve("run")));
        page = Jsoup.parse(report.write(folder.resolve("report"), 100).toFile(), "UTF-8");
    }

    private static Table table(int number) {
        return report.tables().get(number - 1);
    }

    private static Table.Row row(Table table, String model, String mode) {
        return table.blocks().stream()
                .filter(block -> block.model().equals(model))
                .flatMap(block -> block.rows().stream())
                .filter(row -> row.mode().equals(mode))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void theTablesAreThePapersSixAndOneOfAll() {
        assertThat(report.tables())
                .extracting(Table::id)
                .containsExactly("table-1", "table-2", "table-3", "table-4", "table-5", "table-6", "all-sets");
        assertThat(table(1).columns().stream().map(Table.Column::task))
                .containsExactly("ShortQA", "ShortQA", "LongQA", "LongQA");
        assertThat(table(2).columns()).hasSize(5);
        assertThat(table(4).blocks().getFirst().rows())
                .extracting(Table.Row::mode)
                .containsExactly("icl", "lift+icl", "lift+at+icl", "sft+icl", "sft+lift+icl", "sft+lift+at+icl");
    }

    @Test
    void aScoreIsAMeanOverQuestionsWithItsInterval() {
        Table.Score icl =
                (Table.Score) row(table(1), InventedRun.SMALL, "icl").cells().get(1);
        assertThat(icl.questions()).isEqualTo(4);
        assertThat(icl.mean().mean()).isCloseTo(0.375, within(1e-12));
        assertThat(icl.mean().low()).isBetween(0.0, 0.375);
        assertThat(icl.mean().high()).isBetween(0.375, 0.75);
        assertThat(icl.nll().orElseThrow().mean()).isCloseTo(4.5, within(1e-12));
    }

    @Test
    void aQuestionAskedWithTwoSeedsCountsOnce() {
        Table.Row lift = row(table(1), InventedRun.SMALL, "lift");
        assertThat(lift.recipe()).isEqualTo("fast");
        Table.Score score = (Table.Score) lift.cells().get(1);
        assertThat(score.questions()).isEqualTo(4);
        assertThat(score.mean().mean()).isCloseTo(0.625, within(1e-12));
    }

    @Test
    void whatIsNotThereIsSaid() {
        assertThat(row(table(1), InventedRun.SMALL, "icl").cells().getFirst()).isEqualTo(new Table.Missing("no judge"));
        assertThat(row(table(1), InventedRun.LLAMA, "icl").cells().getFirst()).isInstanceOf(Table.Score.class);
        assertThat(row(table(1), InventedRun.LLAMA, "lift").cells()).containsOnly(new Table.Missing("no data"));
        assertThat(row(table(2), InventedRun.SMALL, "icl").cells()).containsOnly(new Table.Missing("no data"));
    }

    @Test
    void typesAndEvidenceHaveRowsAndColumns() {
        Table.Row icl = row(table(3), InventedRun.SMALL, "icl");
        assertThat(icl.cells().get(1)).isEqualTo(new Table.Missing("no data"));
        assertThat(((Table.Score) icl.cells().get(5)).questions()).isEqualTo(4);
        Table.Score both = (Table.Score) row(table(5), InventedRun.SMALL, "lift+evidence+icl:gold")
                .cells()
                .get(1);
        assertThat(both.questions()).isEqualTo(8);
        assertThat(row(table(6), InventedRun.SMALL, "evidence+icl:gold").cells().get(7))
                .isInstanceOf(Table.Score.class);
    }

    @Test
    void thePapersFiguresFollowItsOwnModel() throws IOException {
        assertThat(table(1).blocks())
                .extracting(Table.Block::model)
                .containsExactly(InventedRun.SMALL, InventedRun.LLAMA, "The paper, Llama-3-8B-Instruct");
        Table.Block paper = table(1).blocks().getLast();
        assertThat(paper.remark()).startsWith("the same model");
        assertThat(table(1).notes()).anyMatch(note -> note.contains("GPT-4"));
        assertThat(table(2).notes()).noneMatch(note -> note.contains("GPT-4"));
        assertThat(paper.rows().getLast().cells())
                .containsExactly(
                        new Table.Printed(50.44),
                        new Table.Missing("not in the text"),
                        new Table.Printed(33.42),
                        new Table.Missing("not in the text"));
        Report without = Report.of(InventedRun.empty(folder.resolve("empty")));
        assertThat(without.tables().getFirst().blocks().getLast().remark()).startsWith("another model");
        assertThat(Files.readString(without.write(folder.resolve("of-empty"), 1)))
                .contains("0 of 1 planned unit");
    }

    @Test
    void thePageLoadsNothingAndRunsNothing() throws IOException {
        assertThat(page.select("script, link, iframe, object, embed, img, image, [src], [srcset]"))
                .isEmpty();
        assertThat(page.html()).doesNotContain("@import").doesNotContainPattern("url\\((?!#)");
        assertThat(page.select("[href]"))
                .allSatisfy(link -> assertThat(link.attr("href")).startsWith("#"));
        assertThat(page.select("dd.said").eachText()).contains(InventedRun.ATTACK);
        assertThat(page.select("i")).isEmpty();
        assertThat(page.select("blockquote").eachText()).contains("A passage & its <end>.");
        assertThat(Files.readString(folder.resolve("report/report.md"))).doesNotContain("an <invented>");
    }

    @Test
    void everyScoreLeadsToItsAnswers() {
        List<String> links = page.select("a[href]").eachAttr("href");
        assertThat(links).contains("#answers-loogle-longdep_qa--computation");
        assertThat(links)
                .allSatisfy(link ->
                        assertThat(page.getElementById(link.substring(1))).isNotNull());
        assertThat(page.select("[id]").eachAttr("id")).doesNotHaveDuplicates();
        Element section = page.getElementById("answers-loogle-longdep_qa--computation");
        assertThat(section.select(".question")).hasSize(4);
        assertThat(section.select(".question").first().select("dd.said")).hasSize(4);
        assertThat(section.select("summary").eachText())
                .contains("Evidence in the window of evidence+icl:gold; lift+evidence+icl:gold, fast");
    }

    @Test
    void thePageIsReadByAnyone() {
        assertThat(page.select("html").attr("lang")).isEqualTo("en");
        assertThat(page.select("table")).allSatisfy(table -> {
            assertThat(table.select("caption").text()).isNotBlank();
            assertThat(table.parent().className()).isEqualTo("wide");
            assertThat(table.select("th"))
                    .allSatisfy(head -> assertThat(head.attr("scope")).isNotEmpty());
        });
        assertThat(page.select("svg")).hasSize(6).allSatisfy(svg -> {
            assertThat(svg.attr("role")).isEqualTo("img");
            assertThat(svg.select("> title").text()).isNotBlank();
            assertThat(svg.select("> desc").text()).isNotBlank();
            for (String id : svg.attr("aria-labelledby").split(" ")) {
                assertThat(page.getElementById(id)).isNotNull();
            }
        });
    }

    @Test
    void theFiguresSayWhatTheyShow() throws IOException {
        Element time = page.getElementById("figure-3-time-title").closest("figure");
        assertThat(time.text())
                .contains("ICL runs out of memory at 32,000 tokens.")
                .contains("LIFT, straight line: 1.00 + 1.00 k s for k thousand tokens, R² 1.000")
                .contains("LIFT is faster than ICL from 4,828 tokens on (95% interval 4,828 to 4,828)");
        assertThat(page.getElementById("figure-4-lift-icl-desc").text())
                .contains("1,024 tokens, depth 50%: 50.")
                .doesNotContain("2,048 tokens, depth 100%");
        assertThat(page.getElementById("figure-2-title").closest("figure").text())
                .contains("Figure 2. Which passage follows which")
                .contains("No overlap: 50.0% (95% interval 0.0 to 100.0) of 4 choices right")
                .contains("Stride 3/8: 100.0% (95% interval 100.0 to 100.0) of 4 choices right")
                .contains(
                        "Overlap against none, trained on as many tokens: 50.0 points (95% interval 0.0 to 100.0) more");
        assertThat(folder.resolve("report/figures/figure-2.svg")).exists();
        assertThat(ImageIO.read(folder.resolve("report/figures/figure-3-time.png")
                                .toFile())
                        .getWidth())
                .isEqualTo(1440);
        assertThat(folder.resolve("report/figures/figure-4-icl.svg")).exists();
    }

    @Test
    void sortingStandsBesideTheBestFixedOrder() throws IOException {
        Report sorting = Report.of(InventedRun.sorting(folder.resolve("sorting")));
        Path page = sorting.write(folder.resolve("of-sorting"), 1);
        Table table = sorting.tables().get(3);
        Table.Fixed fixed = (Table.Fixed)
                row(table, InventedRun.SMALL, "best fixed order").cells().getFirst();
        assertThat(fixed.order().order()).containsExactly(0, 1, 2);
        assertThat(row(table, InventedRun.SMALL, "best fixed order").cells().subList(1, 5))
                .containsOnly(new Table.Missing("no data"));
        Element shown = Jsoup.parse(page.toFile(), "UTF-8").getElementById("table-4");
        assertThat(shown.select("tr:last-child .figure").eachText()).containsExactly("83.3");
        assertThat(shown.select("tr:last-child td small").eachText())
                .containsExactly("66.7 to 100.0", "2 questions", "[0] > [1] > [2], 1 other question left out");
        assertThat(shown.select("td small").eachText())
                .contains(
                        "-83.3 (-100.0 to -66.7) over best fixed order, 2 questions",
                        "+16.7 (+0.0 to +33.3) over best fixed order, 2 questions");
        assertThat(table.notes()).anyMatch(note -> note.contains("hindsight"));
        assertThat(Files.readAllLines(folder.resolve("of-sorting/tables/table-4.csv")))
                .anyMatch(line ->
                        line.contains("\"best fixed order\",,\"BAMBOO ShowsSort 4k\",\"Concordance index\",83.3"))
                .anyMatch(line ->
                        line.contains("fast,\"BAMBOO ShowsSort 4k\",\"Concordance index over best fixed order\",16.6"));
        assertThat(Files.readString(folder.resolve("of-sorting/report.md"))).contains("over best fixed order");
        assertThat(table(4).notes()).as("without sorting").noneMatch(note -> note.contains("hindsight"));
    }

    @Test
    void theRunIsNamedInFull() {
        assertThat(page.getElementById("made").text())
                .contains("lift bench run 'a suite.yaml' --data DIR", "an <invented> one", "name: invented", "0, 1");
        assertThat(page.select("header").text()).contains("of 23 planned units of work are finished");
    }

    @Test
    void tablesAreThereAsCsvAndMarkdown() throws IOException {
        assertThat(Files.readAllLines(folder.resolve("report/tables/table-1.csv")))
                .contains(
                        "\"The paper, Llama-3-8B-Instruct\",icl,,ShortQA,Judge,44.23,,,,,,,\"the same model; figures as the paper prints them\"")
                .anyMatch(line -> line.contains(InventedRun.SMALL + "\",icl,,ShortQA,F1,37.5,"))
                .anyMatch(line -> line.endsWith("no judge\""));
        assertThat(Files.readString(folder.resolve("report/report.md")))
                .contains("## Table 6.", "| 44.23 |", "](figures/figure-3-time.svg)", "no data");
        assertThat(folder.resolve("report/data/scored.csv")).exists();
    }

    @Test
    void theSameRunGivesTheSameBytes() throws IOException {
        Report.of(InventedRun.whole(folder.resolve("again"))).write(folder.resolve("report-again"), 100);
        for (Path file : files(folder.resolve("report"))) {
            Path other = folder.resolve("report-again")
                    .resolve(folder.resolve("report").relativize(file));
            assertThat(other).hasSameBinaryContentAs(file);
        }
    }

    private static List<Path> files(Path root) throws IOException {
        try (Stream<Path> walk = Files.walk(root)) {
            return new ArrayList<>(walk.filter(Files::isRegularFile).toList());
        }
    }

    @Test
    void manyQuestionsAreCutAndThatIsSaid() throws IOException {
        String cut = Files.readString(report.write(folder.resolve("cut"), 1), StandardCharsets.UTF_8);
        assertThat(cut).contains("The first 1 of 4 questions");
        assertThat(Jsoup.parse(cut).select("#answers-quality-quality--quality .question"))
                .hasSize(1);
    }
}
