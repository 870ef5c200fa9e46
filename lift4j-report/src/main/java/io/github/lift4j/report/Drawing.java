package io.github.lift4j.report;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Font;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.OutputStream;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import javax.imageio.ImageIO;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import org.apache.batik.svggen.SVGGeneratorContext;
import org.apache.batik.svggen.SVGGraphics2D;
import org.apache.batik.svggen.SVGIDGenerator;
import org.knowm.xchart.internal.chartpart.Chart;
import org.knowm.xchart.style.AxesChartStyler;
import org.knowm.xchart.style.Styler;
import org.w3c.dom.Document;
import org.w3c.dom.Element;

/**
 * A chart on paper: as SVG and as PNG. Writing and lines of the frame have colours of their own, which a page
 * may replace by its own ({@link #svgOnPage}).
 */
record Drawing(Chart<?, ?> chart) {

    /** Nearly black; the page's own colour of text stands in for it. */
    static final Color INK = new Color(26, 27, 28);

    /** The grid's; visible on light and on dark. */
    static final Color GRID = new Color(140, 145, 150, 90);

    static final String SVG = "http://www.w3.org/2000/svg";

    private static final Color CLEAR = new Color(255, 255, 255, 0);
    private static final int PIXELS = 2;

    /** Names that no other drawing of a page has. */
    private static final class Names extends SVGIDGenerator {

        private final String drawing;

        Names(String drawing) {
            this.drawing = drawing;
        }

        @Override
        public String generateID(String prefix) {
            return drawing + "-" + super.generateID(prefix);
        }
    }

    /** Gives a chart the look that all figures share. */
    static void style(AxesChartStyler styler) {
        Font font = new Font(Font.SANS_SERIF, Font.PLAIN, 13);
        styler.setBaseFont(font);
        styler.setChartTitleFont(font.deriveFont(Font.BOLD, 15f));
        styler.setLegendFont(font);
        styler.setAxisTitleFont(font);
        styler.setAxisTickLabelsFont(font);
        styler.setChartFontColor(INK);
        styler.setAxisTickLabelsColor(INK);
        styler.setAxisTickMarksColor(INK);
        styler.setXAxisTitleColor(INK);
        styler.setYAxisTitleColor(INK);
        styler.setChartBackgroundColor(CLEAR);
        styler.setPlotBackgroundColor(CLEAR);
        styler.setLegendBackgroundColor(CLEAR);
        styler.setLegendBorderColor(CLEAR);
        styler.setPlotBorderVisible(false);
        styler.setPlotGridLinesColor(GRID);
        styler.setPlotGridLinesStroke(new BasicStroke(1));
        styler.setLegendPosition(Styler.LegendPosition.OutsideS);
        styler.setLegendLayout(Styler.LegendLayout.Horizontal);
    }

    /** A file of its own: dark on white. */
    String svg(String id, String title, String description) {
        return svg(id, title, description, true);
    }

    /** A part of a page, in the page's colours. */
    String svgOnPage(String id, String title, String description) {
        return svg(id, title, description, false).replace(rgb(INK), "currentColor");
    }

    private static String rgb(Color color) {
        return "rgb(" + color.getRed() + "," + color.getGreen() + "," + color.getBlue() + ")";
    }

    private String svg(String id, String title, String description, boolean paper) {
        Document document = emptyDocument();
        SVGGeneratorContext context = SVGGeneratorContext.createDefault(document);
        context.setComment(null);
        context.setIDGenerator(new Names(id));
        SVGGraphics2D graphics = new SVGGraphics2D(context, false);
        if (paper) {
            graphics.setColor(Color.WHITE);
            graphics.fillRect(0, 0, chart.getWidth(), chart.getHeight());
        }
        chart.paint(graphics, chart.getWidth(), chart.getHeight());
        Element root = graphics.getRoot();
        ((Element) root.getElementsByTagName("defs").item(0)).removeAttribute("id");
        root.setAttribute("width", String.valueOf(chart.getWidth()));
        root.setAttribute("height", String.valueOf(chart.getHeight()));
        root.setAttribute("viewBox", "0 0 " + chart.getWidth() + " " + chart.getHeight());
        root.setAttribute("role", "img");
        root.setAttribute("aria-labelledby", id + "-title " + id + "-desc");
        describe(document, root, id + "-desc", "desc", description);
        describe(document, root, id + "-title", "title", title);
        StringWriter out = new StringWriter();
        try {
            graphics.stream(root, out, true, false);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        String text = out.toString();
        return text.substring(text.indexOf("<svg"));
    }

    private static void describe(Document document, Element root, String id, String name, String text) {
        Element element = document.createElementNS(SVG, name);
        element.setAttribute("id", id);
        element.setTextContent(text);
        root.insertBefore(element, root.getFirstChild());
    }

    private static Document emptyDocument() {
        try {
            return DocumentBuilderFactory.newInstance()
                    .newDocumentBuilder()
                    .getDOMImplementation()
                    .createDocument(SVG, "svg", null);
        } catch (ParserConfigurationException e) {
            throw new IllegalStateException("Java's own XML cannot be had", e);
        }
    }

    /** On white, two pixels for each of the chart's. */
    void writePng(OutputStream out) throws IOException {
        BufferedImage image =
                new BufferedImage(PIXELS * chart.getWidth(), PIXELS * chart.getHeight(), BufferedImage.TYPE_INT_RGB);
        Graphics2D graphics = image.createGraphics();
        try {
            graphics.setColor(Color.WHITE);
            graphics.fillRect(0, 0, image.getWidth(), image.getHeight());
            graphics.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
            graphics.scale(PIXELS, PIXELS);
            chart.paint(graphics, chart.getWidth(), chart.getHeight());
        } finally {
            graphics.dispose();
        }
        ImageIO.write(image, "png", out);
    }
}
