package io.github.lift4j.answer;

import java.util.List;

/**
 * Cuts a text that comes in pieces in front of the first stop sequence. What could be a sequence's beginning is held back
 * until it is certain. Not thread-safe; one for each text.
 */
public final class StopText {

    private final List<String> stops;
    private final StringBuilder held = new StringBuilder();
    private boolean stopped;

    /** @param stops none of them empty */
    public StopText(List<String> stops) {
        this.stops = List.copyOf(stops);
    }

    /** The text that became certain with this piece; often empty, always so behind a stop. */
    public String next(String piece) {
        if (stopped) {
            return "";
        }
        held.append(piece);
        int end = stops.stream()
                .mapToInt(held::indexOf)
                .filter(at -> at >= 0)
                .min()
                .orElse(-1);
        if (end >= 0) {
            stopped = true;
            return taken(end);
        }
        return taken(held.length() - longestBeginning());
    }

    /** The text still held back when no more comes. */
    public String finish() {
        return stopped ? "" : taken(held.length());
    }

    /** Whether a stop sequence was seen. */
    public boolean stopped() {
        return stopped;
    }

    /** Length of the longest end of what is held that a stop sequence begins with. */
    private int longestBeginning() {
        String text = held.toString();
        for (int start = 0; start < text.length(); start++) {
            String end = text.substring(start);
            if (stops.stream().anyMatch(stop -> stop.startsWith(end))) {
                return end.length();
            }
        }
        return 0;
    }

    private String taken(int length) {
        String text = held.substring(0, length);
        held.delete(0, length);
        return text;
    }
}
