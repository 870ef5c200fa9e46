package io.github.lift4j.report;

import io.github.lift4j.evaluation.efficiency.Crossover;
import io.github.lift4j.evaluation.efficiency.Curve;
import io.github.lift4j.evaluation.efficiency.Fit;
import io.github.lift4j.evaluation.result.Finding;
import java.awt.BasicStroke;
import java.awt.Color;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYChartBuilder;
import org.knowm.xchart.XYSeries;
import org.knowm.xchart.style.markers.Marker;
import org.knowm.xchart.style.markers.SeriesMarkers;

/** Figure 3: time to the first token and peak memory against the input's length. */
final class EfficiencyFigures {

    private static final Color ICL = new Color(208, 92, 20);
    private static final Color LIFT = new Color(47, 122, 208);
    private static final Color CROSS = new Color(228, 58, 60);
    private static final double GIBIBYTE = 1L << 30;
    private static final double THOUSAND = 1000;
    private static final int STEPS = 60;

    /** What an axis is of: seconds, or memory. */
    private record Quantity(String name, String axis, String unit, double scale) {

        static final Quantity TIME = new Quantity("Time to the first token", "seconds", "s", 1);
        static final Quantity MEMORY = new Quantity("Peak memory", "GiB", "GiB", GIBIBYTE);
    }

    private EfficiencyFigures() {}

    /** Both figures of a model; none where nothing was timed. */
    static List<Figure> of(String id, String model, List<Finding.Timing> timings) {
        if (timings.isEmpty()) {
            return List.of();
        }
        Curve icl = Curve.ofSeconds("icl", timings);
        Curve lift = Curve.ofSeconds("lift", timings);
        List<String> crossover = new ArrayList<>();
        Crossover.of(lift, icl, new SplittableRandom(0))
                .map(EfficiencyFigures::words)
                .ifPresent(crossover::add);
        return Stream.of(
                        figure(id + "-time", model, Quantity.TIME, icl, lift, crossover),
                        figure(
                                id + "-memory",
                                model,
                                Quantity.MEMORY,
                                Curve.ofPeakBytes("icl", timings),
                                Curve.ofPeakBytes("lift", timings),
                                List.of()))
                .flatMap(Optional::stream)
                .toList();
    }

    private static Optional<Figure> figure(
            String id, String model, Quantity quantity, Curve icl, Curve lift, List<String> more) {
        if (icl.points().isEmpty() && lift.points().isEmpty()) {
            return Optional.empty();
        }
        String title = quantity.name + " against length, " + model;
        XYChart chart = new XYChartBuilder()
                .width(720)
                .height(430)
                .xAxisTitle("thousand tokens")
                .yAxisTitle(quantity.axis)
                .build();
        Drawing.style(chart.getStyler());
        chart.getStyler().setYAxisMin(0.0);
        chart.getStyler().setXAxisMin(0.0);
        chart.getStyler().setLocale(Locale.ROOT);
        draw(chart, icl, "ICL", icl.quadratic().or(icl::linear), ICL, SeriesMarkers.CIRCLE, quantity);
        draw(chart, lift, "LIFT", lift.linear(), LIFT, SeriesMarkers.DIAMOND, quantity);
        List<String> facts = new ArrayList<>();
        facts.addAll(facts("ICL", icl, quantity));
        facts.addAll(facts("LIFT", lift, quantity));
        facts.addAll(more);
        return Optional.of(new Figure(
                id,
                title,
                "Points are measurements, dashed lines fits by least squares: a parabola for ICL, a straight line for LIFT. "
                        + String.join(" ", facts),
                new Drawing(chart),
                facts));
    }

    private static void draw(
            XYChart chart, Curve curve, String name, Optional<Fit> fit, Color color, Marker marker, Quantity quantity) {
        if (!curve.points().isEmpty()) {
            XYSeries points = chart.addSeries(
                    name,
                    curve.points().stream()
                            .mapToDouble(point -> point.tokens() / THOUSAND)
                            .toArray(),
                    curve.points().stream()
                            .mapToDouble(point -> point.value() / quantity.scale)
                            .toArray());
            points.setXYSeriesRenderStyle(XYSeries.XYSeriesRenderStyle.Scatter);
            points.setMarker(marker);
            points.setMarkerColor(color);
        }
        fit.ifPresent(line -> drawFit(chart, curve, name, line, color, quantity));
        curve.outOfMemoryFrom().ifPresent(tokens -> {
            double height = fit.map(line -> line.at(tokens) / quantity.scale).orElse(0.0);
            XYSeries cross = chart.addSeries(
                    name + " out of memory", new double[] {tokens / THOUSAND}, new double[] {Math.max(0, height)});
            cross.setXYSeriesRenderStyle(XYSeries.XYSeriesRenderStyle.Scatter);
            cross.setMarker(SeriesMarkers.CROSS);
            cross.setMarkerColor(CROSS);
        });
    }

    private static void drawFit(XYChart chart, Curve curve, String name, Fit fit, Color color, Quantity quantity) {
        int longest = Stream.concat(
                        curve.points().stream().map(Curve.Point::tokens),
                        curve.outOfMemoryFrom().stream().boxed())
                .mapToInt(tokens -> tokens)
                .max()
                .orElseThrow();
        double[] x = IntStream.rangeClosed(0, STEPS)
                .mapToDouble(step -> (double) longest * step / STEPS)
                .toArray();
        XYSeries line = chart.addSeries(
                name + ", fitted",
                IntStream.range(0, x.length).mapToDouble(i -> x[i] / THOUSAND).toArray(),
                IntStream.range(0, x.length)
                        .mapToDouble(i -> Math.max(0, fit.at(x[i]) / quantity.scale))
                        .toArray());
        line.setMarker(SeriesMarkers.NONE);
        line.setLineColor(color);
        line.setLineStyle(
                new BasicStroke(1.6f, BasicStroke.CAP_BUTT, BasicStroke.JOIN_ROUND, 10, new float[] {6, 5}, 0));
    }

    private static List<String> facts(String name, Curve curve, Quantity quantity) {
        List<String> facts = new ArrayList<>();
        curve.linear().ifPresent(fit -> facts.add(name + ", straight line: " + words(fit, quantity) + "."));
        curve.quadratic().ifPresent(fit -> facts.add(name + ", parabola: " + words(fit, quantity) + "."));
        said(curve.outOfMemoryFrom(), name + " runs out of memory at %s tokens.")
                .ifPresent(facts::add);
        said(curve.tooLongFrom(), "For " + name + " the model's window does not hold %s tokens whole.")
                .ifPresent(facts::add);
        return facts;
    }

    private static Optional<String> said(OptionalInt tokens, String sentence) {
        return tokens.isPresent()
                ? Optional.of(String.format(Locale.ROOT, sentence, Words.number(tokens.getAsInt())))
                : Optional.empty();
    }

    /** A polynomial of k, thousands of tokens. */
    private static String words(Fit fit, Quantity quantity) {
        StringBuilder words = new StringBuilder();
        for (int power = 0; power < fit.coefficients().size(); power++) {
            double value = fit.coefficients().get(power) / quantity.scale;
            String size = String.format(Locale.ROOT, "%.3g", Math.abs(value));
            words.append(power == 0 ? (value < 0 ? "−" : "") : value < 0 ? " − " : " + ")
                    .append(size)
                    .append(List.of("", " k", " k²").get(power));
        }
        return words + " " + quantity.unit + " for k thousand tokens, R² "
                + String.format(Locale.ROOT, "%.3f", fit.r2());
    }

    private static String words(Crossover crossover) {
        if (Double.isInfinite(crossover.tokens())) {
            return "By the curves as fitted, LIFT does not become faster than ICL (95% interval of the crossover: from "
                    + tokens(crossover.low()) + " tokens to none).";
        }
        return "By the curves as fitted, LIFT is faster than ICL from " + tokens(crossover.tokens())
                + " tokens on (95% interval " + tokens(crossover.low()) + " to " + tokens(crossover.high()) + ")"
                + (crossover.extrapolated()
                        ? "; that is extrapolated, for both were measured only up to "
                                + Words.number(crossover.longestMeasured()) + " tokens."
                        : ".");
    }

    private static String tokens(double tokens) {
        return Double.isInfinite(tokens) ? "never" : Words.number(Math.round(tokens));
    }
}
