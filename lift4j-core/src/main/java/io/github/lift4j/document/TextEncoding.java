package io.github.lift4j.document;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * How the characters of a text file are written.
 *
 * @param label the name a person knows it by
 * @param charset decodes the bytes after the mark
 * @param markLength length of the byte-order mark at the start of the file, in bytes
 */
record TextEncoding(String label, Charset charset, int markLength) {

    static final TextEncoding UTF_8 = new TextEncoding("UTF-8", StandardCharsets.UTF_8, 0);
    static final TextEncoding WINDOWS_1252 = new TextEncoding("windows-1252", Charset.forName("windows-1252"), 0);

    private record Mark(byte[] bytes, String label, Charset charset) {}

    /** The UTF-32 mark begins with the UTF-16 one, so it is asked for first. */
    private static final List<Mark> MARKS = List.of(
            new Mark(new byte[] {(byte) 0xEF, (byte) 0xBB, (byte) 0xBF}, "UTF-8", StandardCharsets.UTF_8),
            new Mark(new byte[] {(byte) 0xFF, (byte) 0xFE, 0, 0}, "UTF-32LE", Charset.forName("UTF-32LE")),
            new Mark(new byte[] {0, 0, (byte) 0xFE, (byte) 0xFF}, "UTF-32BE", Charset.forName("UTF-32BE")),
            new Mark(new byte[] {(byte) 0xFF, (byte) 0xFE}, "UTF-16LE", StandardCharsets.UTF_16LE),
            new Mark(new byte[] {(byte) 0xFE, (byte) 0xFF}, "UTF-16BE", StandardCharsets.UTF_16BE));

    /**
     * Western text rarely has an accent on more than one letter in eight; other single-byte scripts are nearly all
     * high.
     */
    private static final double MOST_HIGH_BYTES = 0.25;

    /** The encoding that the byte-order mark at the start of {@code head} names, or UTF-8. */
    static TextEncoding byMark(byte[] head) {
        for (Mark mark : MARKS) {
            if (Heads.startsWith(head, mark.bytes())) {
                return new TextEncoding(mark.label(), mark.charset(), mark.bytes().length);
            }
        }
        return UTF_8;
    }

    /** Whether the encoding was read from a byte-order mark. */
    boolean marked() {
        return markLength > 0;
    }

    /**
     * Whether a file that is not UTF-8 is safely windows-1252: no well-formed UTF-8 sequence occurs (so it is not UTF-8
     * with a damaged spot), every byte has a meaning, and few enough bytes are accented letters for a Western language
     * (so it is not another alphabet, which would be learned as gibberish).
     */
    static boolean isWestern(Path file) throws IOException {
        try (InputStream in = new BufferedInputStream(Files.newInputStream(file), 1 << 16)) {
            long total = 0;
            long high = 0;
            int expected = 0;
            for (int b = in.read(); b >= 0; b = in.read()) {
                if (b == 0x81 || b == 0x8D || b == 0x8F || b == 0x90 || b == 0x9D || (b < 0x20 && !isWhitespace(b))) {
                    return false;
                }
                boolean continues = (b & 0xC0) == 0x80;
                if (expected > 0 && continues && --expected == 0) {
                    return false;
                }
                if (!continues) {
                    expected = b >= 0xF0 && b <= 0xF4 ? 3 : b >= 0xE0 && b < 0xF0 ? 2 : b >= 0xC2 && b < 0xE0 ? 1 : 0;
                }
                total++;
                high += b >> 7;
            }
            return high <= MOST_HIGH_BYTES * total;
        }
    }

    private static boolean isWhitespace(int b) {
        return b == '\n' || b == '\r' || b == '\t' || b == '\f' || b == 0x1B;
    }
}
