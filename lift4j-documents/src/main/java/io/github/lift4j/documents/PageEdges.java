package io.github.lift4j.documents;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.regex.Pattern;

/** Takes page numbers and running heads off the pages: they interrupt sentences and say nothing. */
final class PageEdges {

    private static final Pattern PAGE_NUMBER = Pattern.compile(
            "[\\[(–—-]?\\s*(page\\s+)?(\\d{1,4}|[ivxl]{1,7})(\\s*(of|/)\\s*\\d{1,4})?\\s*[\\])–—-]?",
            Pattern.CASE_INSENSITIVE);

    /** Left and right pages have heads of their own, and a chapter's first page has none. */
    private static final int REMEMBERED = 6;

    private final Deque<String> recent = new ArrayDeque<>();

    /** The page without its page number, and without first and last lines that earlier pages had too. */
    List<TextLine> trimmed(List<TextLine> page) {
        // A page of one line is a title or a dedication, whatever the line looks like.
        int from = Math.min(edgeLines(page), Math.max(0, page.size() - 1));
        int to = Math.max(from + 1, page.size() - edgeLines(page.reversed()));
        if (!page.isEmpty()) {
            remember(page.getFirst());
            remember(page.getLast());
        }
        return page.subList(from, Math.min(to, page.size()));
    }

    /** How many lines at the start belong to the page and not to the text: a number, a head, or both. */
    private int edgeLines(List<TextLine> page) {
        boolean number = false;
        boolean head = false;
        for (int i = 0; i < page.size(); i++) {
            TextLine line = page.get(i);
            if (!head && recent.contains(withoutNumbers(line))) {
                head = true;
            } else if (!number && PAGE_NUMBER.matcher(line.text().strip()).matches()) {
                number = true;
            } else {
                return i;
            }
        }
        return page.size();
    }

    private void remember(TextLine line) {
        recent.addLast(withoutNumbers(line));
        if (recent.size() > REMEMBERED) {
            recent.removeFirst();
        }
    }

    private static String withoutNumbers(TextLine line) {
        return line.text().replaceAll("\\d+", "#");
    }
}
