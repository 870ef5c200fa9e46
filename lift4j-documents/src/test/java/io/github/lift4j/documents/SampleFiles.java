package io.github.lift4j.documents;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.apache.pdfbox.pdmodel.PDDocument;
import org.apache.pdfbox.pdmodel.PDPage;
import org.apache.pdfbox.pdmodel.PDPageContentStream;
import org.apache.pdfbox.pdmodel.common.PDRectangle;
import org.apache.pdfbox.pdmodel.encryption.AccessPermission;
import org.apache.pdfbox.pdmodel.encryption.StandardProtectionPolicy;
import org.apache.pdfbox.pdmodel.font.PDType1Font;
import org.apache.pdfbox.pdmodel.font.Standard14Fonts;

/**
 * Small documents of every format, each with a title, two headings, paragraphs, a list and a table where it has them.
 */
final class SampleFiles {

    private SampleFiles() {}

    static byte[] html(String head, String body) {
        return ("<!DOCTYPE html><html><head><meta charset=\"utf-8\">" + head + "</head><body>" + body
                        + "</body></html>")
                .getBytes(StandardCharsets.UTF_8);
    }

    static byte[] epub(String... chapters) {
        StringBuilder manifest = new StringBuilder();
        StringBuilder spine = new StringBuilder();
        Map<String, String> files = new LinkedHashMap<>();
        for (int i = 0; i < chapters.length; i++) {
            manifest.append("<item id='c%d' href='c%d.xhtml' media-type='application/xhtml+xml'/>".formatted(i, i));
            spine.append("<itemref idref='c%d'/>".formatted(i));
            files.put("OEBPS/c" + i + ".xhtml", chapters[i]);
        }
        files.put("META-INF/container.xml", """
                <container version="1.0" xmlns="urn:oasis:names:tc:opendocument:xmlns:container"><rootfiles>
                <rootfile full-path="OEBPS/content.opf" media-type="application/oebps-package+xml"/>
                </rootfiles></container>""");
        files.put("OEBPS/content.opf", """
                <package xmlns="http://www.idpf.org/2007/opf" version="3.0"><metadata
                xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:title>The Lighthouse Keeper</dc:title></metadata>
                <manifest>%s</manifest><spine>%s</spine></package>""".formatted(manifest, spine));
        return zip("application/epub+zip", files);
    }

    static byte[] docx(String body) {
        return zip(
                "",
                Map.of(
                        "[Content_Types].xml", """
                <Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">
                <Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>
                <Default Extension="xml" ContentType="application/xml"/>
                <Override PartName="/word/document.xml" ContentType=\
                "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/>
                <Override PartName="/docProps/core.xml" ContentType=\
                "application/vnd.openxmlformats-package.core-properties+xml"/>
                <Override PartName="/docProps/app.xml" ContentType=\
                "application/vnd.openxmlformats-officedocument.extended-properties+xml"/></Types>""",
                        "_rels/.rels", """
                <Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">
                <Relationship Id="r1" Target="word/document.xml" Type=\
                "http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument"/>
                <Relationship Id="r2" Target="docProps/core.xml" Type=\
                "http://schemas.openxmlformats.org/package/2006/relationships/metadata/core-properties"/>
                <Relationship Id="r3" Target="docProps/app.xml" Type=\
                "http://schemas.openxmlformats.org/officeDocument/2006/relationships/extended-properties"/>
                </Relationships>""",
                        "docProps/core.xml", """
                <cp:coreProperties xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/core-properties"
                xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:title>The Lighthouse Keeper</dc:title></cp:coreProperties>""",
                        "docProps/app.xml", """
                <Properties xmlns="http://schemas.openxmlformats.org/officeDocument/2006/extended-properties">
                <Application>Microsoft Office Word</Application><Pages>1</Pages></Properties>""",
                        "word/document.xml", """
                <w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body>%s</w:body>
                </w:document>""".formatted(body)));
    }

    static String docxParagraph(String text) {
        return "<w:p><w:r><w:t>" + text + "</w:t></w:r></w:p>";
    }

    static byte[] odt(String declaration, String body) {
        return zip(
                "application/vnd.oasis.opendocument.text",
                Map.of(
                        "META-INF/manifest.xml", """
                <manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"/>""",
                        "meta.xml", """
                <office:document-meta xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0"
                xmlns:dc="http://purl.org/dc/elements/1.1/"><office:meta><dc:title>The Lighthouse Keeper</dc:title>
                </office:meta></office:document-meta>""",
                        "content.xml", """
                <?xml version="1.0"?>%s<office:document-content xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0"
                xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"
                xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0"><office:body><office:text>%s</office:text>
                </office:body></office:document-content>""".formatted(declaration, body)));
    }

    /** Pages of lines, 14 points apart, in Helvetica; a line that begins with "##" is a heading in larger letters. */
    static byte[] pdf(String title, List<List<String>> pages) {
        return pdf(title, pages, document -> {});
    }

    static byte[] pdfWithPassword(String title, String password, List<List<String>> pages) {
        return pdf(
                title,
                pages,
                document -> document.protect(new StandardProtectionPolicy("owner", password, new AccessPermission())));
    }

    static byte[] pdfAgainstChanges(String title, List<List<String>> pages) {
        AccessPermission readOnly = new AccessPermission();
        readOnly.setReadOnly();
        return pdf(title, pages, document -> document.protect(new StandardProtectionPolicy("owner", "", readOnly)));
    }

    private interface Protection {
        void of(PDDocument document) throws IOException;
    }

    private static byte[] pdf(String title, List<List<String>> pages, Protection protection) {
        try (PDDocument document = new PDDocument();
                ByteArrayOutputStream bytes = new ByteArrayOutputStream()) {
            document.getDocumentInformation().setTitle(title);
            for (List<String> lines : pages) {
                PDPage page = new PDPage(PDRectangle.A5);
                document.addPage(page);
                writePage(document, page, lines);
            }
            protection.of(document);
            document.save(bytes);
            return bytes.toByteArray();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void writePage(PDDocument document, PDPage page, List<String> lines) throws IOException {
        try (PDPageContentStream content = new PDPageContentStream(document, page)) {
            double y = page.getMediaBox().getHeight() - 40;
            for (String line : lines) {
                boolean heading = line.startsWith("##");
                content.beginText();
                content.setFont(new PDType1Font(Standard14Fonts.FontName.HELVETICA), heading ? 16 : 10);
                content.newLineAtOffset(40, (float) y);
                content.showText(heading ? line.substring(2) : line);
                content.endText();
                y -= heading ? 24 : 14;
            }
        }
    }

    /** Packs files; a media type is stored first and uncompressed, as EPUB and ODF demand. */
    static byte[] zip(String mediaType, Map<String, String> files) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
            if (!mediaType.isEmpty()) {
                byte[] content = mediaType.getBytes(StandardCharsets.US_ASCII);
                CRC32 crc = new CRC32();
                crc.update(content);
                ZipEntry entry = new ZipEntry("mimetype");
                entry.setMethod(ZipEntry.STORED);
                entry.setSize(content.length);
                entry.setCrc(crc.getValue());
                zip.putNextEntry(entry);
                zip.write(content);
            }
            for (Map.Entry<String, String> file : files.entrySet()) {
                zip.putNextEntry(new ZipEntry(file.getKey()));
                zip.write(file.getValue().getBytes(StandardCharsets.UTF_8));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }
}
