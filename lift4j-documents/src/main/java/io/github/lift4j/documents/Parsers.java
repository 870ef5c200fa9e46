package io.github.lift4j.documents;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import org.apache.tika.detect.CompositeEncodingDetector;
import org.apache.tika.detect.EncodingDetector;
import org.apache.tika.exception.TikaException;
import org.apache.tika.extractor.EmbeddedDocumentExtractor;
import org.apache.tika.metadata.Metadata;
import org.apache.tika.mime.MediaType;
import org.apache.tika.parser.ParseContext;
import org.apache.tika.parser.Parser;
import org.apache.tika.parser.epub.EpubParser;
import org.apache.tika.parser.html.HtmlEncodingDetector;
import org.apache.tika.parser.html.HtmlMapper;
import org.apache.tika.parser.html.IdentityHtmlMapper;
import org.apache.tika.parser.html.JSoupParser;
import org.apache.tika.parser.microsoft.OfficeParser;
import org.apache.tika.parser.microsoft.OfficeParserConfig;
import org.apache.tika.parser.microsoft.ooxml.OOXMLParser;
import org.apache.tika.parser.microsoft.rtf.RTFParser;
import org.apache.tika.parser.odf.OpenDocumentParser;
import org.apache.tika.parser.txt.UniversalEncodingDetector;
import org.xml.sax.ContentHandler;
import org.xml.sax.SAXException;

/** Tika's parsers, each named here: none is found by searching the class path, so none can surprise. */
final class Parsers {

    private Parsers() {}

    static Parser of(Format format) {
        return switch (format) {
            case HTML ->
                new JSoupParser(new CompositeEncodingDetector(
                        List.of(new HtmlEncodingDetector(), new UniversalEncodingDetector())));
            case PDF -> throw new IllegalArgumentException("PDFs go through PdfText");
            case EPUB -> epub();
            case DOCX -> new OOXMLParser();
            case DOC -> new OfficeParser();
            case ODT -> new OpenDocumentParser();
            case RTF -> new RTFParser();
        };
    }

    static ParseContext context() {
        ParseContext context = new ParseContext();
        context.set(EmbeddedDocumentExtractor.class, new NothingEmbedded());
        context.set(HtmlMapper.class, IdentityHtmlMapper.INSTANCE);
        context.set(OfficeParserConfig.class, office());
        return context;
    }

    private static Parser epub() {
        EpubParser epub = new EpubParser();
        epub.setContentParser(new Chapter());
        return epub;
    }

    private static OfficeParserConfig office() {
        OfficeParserConfig config = new OfficeParserConfig();
        // The SAX extractor streams; the other one holds the whole document as objects.
        config.setUseSAXDocxExtractor(true);
        config.setIncludeDeletedContent(false);
        config.setIncludeMoveFromContent(false);
        config.setIncludeHeadersAndFooters(false);
        config.setExtractMacros(false);
        return config;
    }

    /** Attachments, pictures and fonts are no part of the text. */
    private static final class NothingEmbedded implements EmbeddedDocumentExtractor {
        @Override
        public boolean shouldParseEmbedded(Metadata metadata) {
            return false;
        }

        @Override
        public void parseEmbedded(InputStream stream, ContentHandler handler, Metadata metadata, boolean outputHtml) {
            // Never asked to: shouldParseEmbedded says no, and parsers that do not ask get nothing.
        }
    }

    /**
     * One file of an EPUB. By the book it is XHTML, but many are not well-formed, and the HTML parser reads on where an
     * XML parser stops. What a chapter says of itself in its head is kept from the metadata of the book.
     */
    private static final class Chapter implements Parser {
        private static final long serialVersionUID = 1L;

        @Override
        public Set<MediaType> getSupportedTypes(ParseContext context) {
            return Set.of(MediaType.application("xhtml+xml"));
        }

        @Override
        public void parse(InputStream stream, ContentHandler handler, Metadata metadata, ParseContext context)
                throws IOException, SAXException, TikaException {
            EncodingDetector always = (bytes, nothing) -> StandardCharsets.UTF_8;
            new JSoupParser(always).parse(stream, handler, new Metadata(), context);
        }
    }
}
