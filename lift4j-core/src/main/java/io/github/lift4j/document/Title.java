package io.github.lift4j.document;

import java.io.IOException;
import java.io.Reader;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Finds the name a person would give a document. */
final class Title {

    private static final int LONGEST = 200;
    private static final int HEAD = 1 << 14;
    private static final int SHOWN_OF_MANY = 3;
    private static final Pattern ATX_HEADING = Pattern.compile(" {0,3}#{1,6}\\s+(.*?)(\\s+#+)?\\s*");
    private static final Pattern SETEXT_UNDERLINE = Pattern.compile(" {0,3}(=+|-{2,})\\s*");
    private static final Pattern FRONT_MATTER_TITLE = Pattern.compile("title:\\s*[\"']?(.*?)[\"']?\\s*");

    private Title() {}

    /** White space made single, the length held to what fits a prompt. */
    static String tidy(String raw) {
        String single = raw.strip().replaceAll("[\\s\\p{Cntrl}\\u00A0]+", " ").strip();
        return single.length() <= LONGEST
                ? single
                : single.substring(0, LONGEST - 1).stripTrailing() + "…";
    }

    static String ofFile(String name) {
        int dot = name.lastIndexOf('.');
        String stem = dot > 0 ? name.substring(0, dot) : name;
        String tidy = tidy(stem);
        return tidy.isEmpty() ? "document" : tidy;
    }

    static boolean isMarkdown(String name) {
        String lowerCase = name.toLowerCase(Locale.ROOT);
        return lowerCase.endsWith(".md") || lowerCase.endsWith(".markdown");
    }

    /** The title in a Markdown text's front matter, else its first heading, looked for in its first pages only. */
    static Optional<String> ofMarkdown(Reader reader) throws IOException {
        char[] head = new char[HEAD];
        int length = 0;
        for (int count = 0; count >= 0 && length < HEAD; count = reader.read(head, length, HEAD - length)) {
            length += count;
        }
        List<String> lines = new String(head, 0, length).lines().toList();
        return frontMatterTitle(lines)
                .or(() -> firstHeading(lines))
                .map(Title::tidy)
                .filter(title -> !title.isEmpty());
    }

    /** "A", "A and B", "A, B and C", "A, B, C and 2 more". */
    static String ofMany(List<String> titles) {
        if (titles.size() > SHOWN_OF_MANY) {
            return String.join(", ", titles.subList(0, SHOWN_OF_MANY)) + " and " + (titles.size() - SHOWN_OF_MANY)
                    + " more";
        }
        int last = titles.size() - 1;
        return last == 0 ? titles.getFirst() : String.join(", ", titles.subList(0, last)) + " and " + titles.get(last);
    }

    private static Optional<String> frontMatterTitle(List<String> lines) {
        if (lines.isEmpty() || !lines.getFirst().equals("---")) {
            return Optional.empty();
        }
        return lines.stream()
                .skip(1)
                .takeWhile(line -> !line.equals("---"))
                .map(FRONT_MATTER_TITLE::matcher)
                .filter(Matcher::matches)
                .map(matcher -> matcher.group(1))
                .filter(title -> !title.isBlank())
                .findFirst();
    }

    private static Optional<String> firstHeading(List<String> lines) {
        boolean fenced = false;
        String previous = "";
        for (String line : lines.subList(endOfFrontMatter(lines), lines.size())) {
            if (line.startsWith("```") || line.startsWith("~~~")) {
                fenced = !fenced;
            } else if (!fenced) {
                Matcher heading = ATX_HEADING.matcher(line);
                if (heading.matches() && !heading.group(1).isBlank()) {
                    return Optional.of(heading.group(1));
                }
                if (SETEXT_UNDERLINE.matcher(line).matches() && !previous.isBlank()) {
                    return Optional.of(previous);
                }
            }
            previous = line;
        }
        return Optional.empty();
    }

    private static int endOfFrontMatter(List<String> lines) {
        if (lines.isEmpty() || !lines.getFirst().equals("---")) {
            return 0;
        }
        int end = lines.subList(1, lines.size()).indexOf("---");
        return end < 0 ? 0 : end + 2;
    }
}
