package io.github.lift4j.remote;

import io.github.lift4j.document.Document;
import io.github.lift4j.document.Passage;
import io.github.lift4j.document.Span;
import io.github.lift4j.engine.LiftException;
import io.github.lift4j.segment.Segment;
import io.github.lift4j.segment.Segmentation;
import io.github.lift4j.segment.Segments;
import java.io.IOException;
import java.io.Reader;

/**
 * Section 3.1 for a model whose tokenizer is not at hand: segments counted in characters. Their ends are moved back to
 * where a word begins, the same way for all, so that where two segments touch nothing is lost.
 *
 * <p>The document is streamed; no more than a segment of it is held.
 */
final class TextSegments {

    /** A longer word is cut: a script without spaces has no other place to cut at. */
    private static final int LONGEST_WORD = 64;

    private final Document document;
    private final Segments segments;
    private final StringBuilder held = new StringBuilder();
    private long heldFrom;

    private TextSegments(Document document, Segmentation segmentation) {
        this.document = document;
        this.segments = segmentation.over(document.characters());
    }

    interface Listener {
        /**
         * Hears a segment.
         *
         * @param part counted from 1
         * @param parts how many there are
         */
        void hear(Passage segment, int part, int parts) throws IOException;
    }

    /** Tells all segments in the order of the document. */
    static void forEach(Document document, Segmentation characters, Listener listener) throws IOException {
        TextSegments cut = new TextSegments(document, characters);
        try (Reader reader = document.open()) {
            for (int k = 0; k < cut.segments.count(); k++) {
                listener.hear(cut.next(cut.segments.get(k), reader), k + 1, cut.segments.count());
            }
        }
    }

    private Passage next(Segment segment, Reader reader) throws IOException {
        long needed = Math.max(0, segment.start() - LONGEST_WORD);
        if (needed > heldFrom) {
            held.delete(0, Math.toIntExact(needed - heldFrom));
            heldFrom = needed;
        }
        // One character more shows whether the last word ends with the segment.
        fillTo(Math.min(segment.end() + 1, document.characters()), reader);
        long start = wordStart(segment.start());
        long end = wordStart(segment.end());
        String text = held.substring(Math.toIntExact(start - heldFrom), Math.toIntExact(end - heldFrom));
        return new Passage(text, new Span(start, end));
    }

    private void fillTo(long end, Reader reader) throws IOException {
        char[] piece = new char[8192];
        while (heldFrom + held.length() < end) {
            long missing = end - heldFrom - held.length();
            int count = reader.read(piece, 0, (int) Math.min(piece.length, missing));
            if (count < 0) {
                throw new LiftException("\"" + document.source()
                        + "\" became shorter while it was read: leave it unchanged and start again.");
            }
            held.append(piece, 0, count);
        }
    }

    private long wordStart(long position) {
        long earliest = Math.max(heldFrom, position - LONGEST_WORD);
        for (long at = position; at > earliest; at--) {
            if (at == document.characters() || Character.isWhitespace(at(at - 1))) {
                return at;
            }
        }
        return position > heldFrom && Character.isLowSurrogate(at(position)) ? position - 1 : position;
    }

    private char at(long position) {
        return held.charAt(Math.toIntExact(position - heldFrom));
    }
}
