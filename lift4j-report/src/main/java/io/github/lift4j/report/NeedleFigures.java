package io.github.lift4j.report;

import io.github.lift4j.evaluation.result.Finding;
import java.awt.Color;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.knowm.xchart.HeatMapChart;
import org.knowm.xchart.HeatMapChartBuilder;

/** Figure 4: how well a needle is recalled, by its depth and the haystack's length; a heat map for each mode. */
final class NeedleFigures {

    /** Both light enough for dark writing. */
    private static final Color LOW = new Color(250, 214, 190);

    private static final Color HIGH = new Color(126, 200, 170);

    /** A place in a heat map. */
    private record Place(int tokens, double depth) implements Comparable<Place> {

        @Override
        public int compareTo(Place other) {
            return Comparator.comparingInt(Place::tokens)
                    .thenComparingDouble(Place::depth)
                    .compare(this, other);
        }
    }

    private NeedleFigures() {}

    /** One for each mode, in the order of the findings: the paper has ICL above LIFT. */
    static List<Figure> of(String id, String model, List<Finding.Needle> needles) {
        return needles.stream()
                .map(Finding.Needle::mode)
                .distinct()
                .map(mode -> figure(
                        id + "-" + mode.replaceAll("[^\\p{Alnum}]", "-"),
                        mode.toUpperCase(Locale.ROOT) + ", " + model,
                        needles.stream()
                                .filter(needle -> needle.mode().equals(mode))
                                .toList()))
                .toList();
    }

    private static Figure figure(String id, String name, List<Finding.Needle> needles) {
        List<Integer> lengths =
                needles.stream().map(Finding.Needle::tokens).distinct().sorted().toList();
        List<Double> depths =
                needles.stream().map(Finding.Needle::depth).distinct().sorted().toList();
        Map<Place, Double> recall = needles.stream()
                .collect(Collectors.groupingBy(
                        needle -> new Place(needle.tokens(), needle.depth()),
                        TreeMap::new,
                        Collectors.averagingDouble(Finding.Needle::recall)));
        HeatMapChart chart = new HeatMapChartBuilder()
                .width(Math.max(420, 140 + 76 * lengths.size()))
                .height(130 + 34 * depths.size())
                .xAxisTitle("tokens")
                .yAxisTitle("depth of the needle, %")
                .build();
        Drawing.style(chart.getStyler());
        chart.getStyler().setLegendVisible(false);
        chart.getStyler().setPlotContentSize(1);
        chart.getStyler().setPlotGridLinesVisible(false);
        chart.getStyler().setShowValue(true);
        chart.getStyler().setValueFontColor(new Color(20, 20, 20));
        chart.getStyler().setRangeColors(new Color[] {LOW, HIGH});
        chart.getStyler().setMin(0);
        chart.getStyler().setMax(100);
        chart.getStyler().setHeatMapValueDecimalPattern("0");
        List<Double> down = depths.reversed();
        chart.addSeries(
                name,
                lengths.stream().map(Words::number).toList(),
                down.stream()
                        .map(depth -> String.format(Locale.ROOT, "%.0f", 100 * depth))
                        .toList(),
                recall.entrySet().stream()
                        .map(place -> new Number[] {
                            lengths.indexOf(place.getKey().tokens),
                            down.indexOf(place.getKey().depth),
                            100 * place.getValue()
                        })
                        .toList());
        return new Figure(
                id,
                name,
                "Recall of the needle's fact in %, mean over its wordings. " + words(recall),
                new Drawing(chart),
                List.of(Words.count(needles.size(), "question") + " in "
                        + Words.count(recall.size(), "place")
                        + (recall.size() < lengths.size() * depths.size()
                                ? "; a place left empty has no data."
                                : ".")));
    }

    private static String words(Map<Place, Double> recall) {
        return recall.entrySet().stream()
                .map(place -> String.format(
                        Locale.ROOT,
                        "%s tokens, depth %.0f%%: %.0f.",
                        Words.number(place.getKey().tokens()),
                        100 * place.getKey().depth(),
                        100 * place.getValue()))
                .collect(Collectors.joining(" "));
    }
}
