package io.github.lift4j.report;

import io.github.lift4j.evaluation.order.OrderTrial;
import io.github.lift4j.evaluation.statistics.Bootstrap;
import io.github.lift4j.evaluation.statistics.Interval;
import java.awt.Color;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.SplittableRandom;
import org.knowm.xchart.CategoryChart;
import org.knowm.xchart.CategoryChartBuilder;

/** Figure 2's claim, measured: whether the order of passages survives a text's being cut, with and without overlap. */
final class OrderFigures {

    private static final Measure ACCURACY = new Measure("accuracy");

    /** A way in which the choices were made. */
    private record Cut(String mode, String name, Color color) {}

    private static final List<Cut> CUTS = List.of(
            new Cut(OrderTrial.BASE, "Base model", new Color(140, 145, 150)),
            new Cut(OrderTrial.TOUCHING, "No overlap", new Color(214, 122, 60)),
            new Cut(OrderTrial.OVERLAPPING, "Stride 3/8", new Color(46, 139, 110)));

    private OrderFigures() {}

    /** The figure of a model; none where no order was asked. */
    static Optional<Figure> of(String id, String model, List<Answer> all) {
        List<Answer> answers = all.stream()
                .filter(answer -> answer.found().set().equals(OrderTrial.SET)
                        && answer.model().equals(model))
                .toList();
        if (answers.isEmpty()) {
            return Optional.empty();
        }
        CategoryChart chart = new CategoryChartBuilder()
                .width(560)
                .height(380)
                .xAxisTitle("how the text was cut")
                .yAxisTitle("right choices, %")
                .build();
        Drawing.style(chart.getStyler());
        chart.getStyler().setYAxisMin(0.0);
        chart.getStyler().setYAxisMax(100.0);
        chart.getStyler().setLegendVisible(false);
        chart.getStyler().setOverlapped(true);
        chart.getStyler().setLocale(Locale.ROOT);
        List<String> names = CUTS.stream().map(Cut::name).toList();
        for (Cut cut : CUTS) {
            double right = 100 * mean(scores(answers, cut)).mean();
            chart.addSeries(
                            cut.name,
                            names,
                            names.stream()
                                    .map(name -> name.equals(cut.name) ? right : 0)
                                    .toList())
                    .setFillColor(cut.color);
        }
        List<String> facts = facts(answers);
        return Optional.of(new Figure(
                id,
                "Which passage follows which, " + model,
                "Right choices between two ways of putting two passages behind two others. " + String.join(" ", facts),
                new Drawing(chart),
                facts));
    }

    private static List<String> facts(List<Answer> answers) {
        List<String> facts = new ArrayList<>();
        for (Cut cut : CUTS) {
            double[] scores = scores(answers, cut);
            facts.add(cut.name + ": " + figure(mean(scores), "%") + " of " + Words.count(scores.length, "choice")
                    + " right.");
        }
        Interval more = Bootstrap.DEFAULT.difference(
                scores(answers, CUTS.getLast()), scores(answers, CUTS.get(1)), new SplittableRandom(0));
        facts.add("Overlap against none, trained on as many tokens: " + figure(more, " points") + " more.");
        facts.add("Chance is 50%; what the base model has above that, the texts give away by themselves.");
        return facts;
    }

    private static String figure(Interval share, String unit) {
        return Words.figure(ACCURACY, share.mean()) + unit + " (95% interval " + Words.range(ACCURACY, share) + ")";
    }

    private static double[] scores(List<Answer> answers, Cut cut) {
        return Scores.byQuestion(
                answers.stream()
                        .filter(answer -> answer.found().mode().equals(cut.mode))
                        .toList(),
                ACCURACY);
    }

    private static Interval mean(double[] scores) {
        return Bootstrap.DEFAULT.mean(scores, new SplittableRandom(0));
    }
}
