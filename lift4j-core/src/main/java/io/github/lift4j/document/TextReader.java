package io.github.lift4j.document;

import java.io.CharConversionException;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.io.Reader;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CodingErrorAction;

/**
 * Decodes a text file strictly, and turns {@code \r\n} and a lone {@code \r} into {@code \n} on the way.
 *
 * <p>The platform's {@link java.io.InputStreamReader} either replaces malformed bytes silently or fails without saying
 * where; a person who is to mend a file needs the offset. Reading stops with {@link InterruptedIOException} when the
 * thread is interrupted.
 */
final class TextReader extends Reader {

    /** Bytes that are not text in the encoding they were read in. */
    static final class Malformed extends CharConversionException {
        private static final long serialVersionUID = 1L;

        private final long offset;

        Malformed(TextEncoding encoding, long offset) {
            super("not valid " + encoding.label() + " at byte " + offset);
            this.offset = offset;
        }

        /** Where the first malformed byte stands in the file, counted from 0. */
        long offset() {
            return offset;
        }
    }

    private final InputStream in;
    private final TextEncoding encoding;
    private final CharsetDecoder decoder;
    private final ByteBuffer bytes = ByteBuffer.allocate(1 << 14).flip();
    private final CharBuffer chars = CharBuffer.allocate(1 << 14).flip();
    private long offset;
    private boolean inputEnded;
    private boolean ended;
    private boolean afterCarriageReturn;

    /** Takes over {@code in}, which stands at the start of the file, and skips the byte-order mark. */
    TextReader(InputStream in, TextEncoding encoding) throws IOException {
        this.in = in;
        this.encoding = encoding;
        this.decoder = encoding.charset()
                .newDecoder()
                .onMalformedInput(CodingErrorAction.REPORT)
                .onUnmappableCharacter(CodingErrorAction.REPORT);
        in.skipNBytes(encoding.markLength());
        this.offset = encoding.markLength();
    }

    @Override
    public int read(char[] target, int from, int length) throws IOException {
        if (length == 0) {
            return 0;
        }
        while (!chars.hasRemaining()) {
            if (ended) {
                return -1;
            }
            decode();
        }
        int count = Math.min(length, chars.remaining());
        chars.get(target, from, count);
        return count;
    }

    @Override
    public void close() throws IOException {
        in.close();
    }

    private void decode() throws IOException {
        chars.clear();
        while (chars.position() == 0 && !ended) {
            int before = bytes.position();
            var result = decoder.decode(bytes, chars, inputEnded);
            offset += bytes.position() - before;
            if (result.isError() && chars.position() == 0) {
                throw new Malformed(encoding, offset);
            }
            if (result.isUnderflow()) {
                if (inputEnded) {
                    decoder.flush(chars);
                    ended = true;
                } else {
                    refill();
                }
            }
        }
        chars.flip();
        endLinesAlike();
    }

    private void refill() throws IOException {
        if (Thread.currentThread().isInterrupted()) {
            throw new InterruptedIOException();
        }
        bytes.compact();
        int count = in.read(bytes.array(), bytes.position(), bytes.remaining());
        if (count < 0) {
            inputEnded = true;
        } else {
            bytes.position(bytes.position() + count);
        }
        bytes.flip();
    }

    private void endLinesAlike() {
        char[] array = chars.array();
        int kept = 0;
        for (int i = 0; i < chars.limit(); i++) {
            char c = array[i];
            if (c != '\n' || !afterCarriageReturn) {
                array[kept++] = c == '\r' ? '\n' : c;
            }
            afterCarriageReturn = c == '\r';
        }
        chars.limit(kept);
    }
}
