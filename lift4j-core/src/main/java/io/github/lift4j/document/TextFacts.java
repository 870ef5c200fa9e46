package io.github.lift4j.document;

import java.io.IOException;
import java.io.Reader;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetEncoder;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * What one pass over a text finds out.
 *
 * @param characters length in UTF-16 units
 * @param sha256 SHA-256 of the text as UTF-8, in lower-case hexadecimal
 * @param blank whether it holds nothing but white space
 * @param firstNul where the first NUL character stands, or -1
 */
record TextFacts(long characters, String sha256, boolean blank, long firstNul) {

    static TextFacts of(Reader reader) throws IOException {
        MessageDigest digest = sha256Digest();
        CharsetEncoder encoder = StandardCharsets.UTF_8
                .newEncoder()
                .onMalformedInput(CodingErrorAction.REPLACE)
                .onUnmappableCharacter(CodingErrorAction.REPLACE);
        CharBuffer chars = CharBuffer.allocate(1 << 14);
        ByteBuffer bytes = ByteBuffer.allocate(3 << 14);
        long characters = 0;
        long firstNul = -1;
        boolean blank = true;
        boolean ended = false;
        while (!ended) {
            int from = chars.position();
            int count = reader.read(chars.array(), from, chars.remaining());
            ended = count < 0;
            for (int i = from; i < from + count; i++) {
                char c = chars.array()[i];
                blank = blank && isBlank(c);
                firstNul = c == 0 && firstNul < 0 ? characters + i - from : firstNul;
            }
            characters += Math.max(count, 0);
            chars.position(from + Math.max(count, 0)).flip();
            encoder.encode(chars, bytes, ended);
            chars.compact();
            digest.update(bytes.flip());
            bytes.clear();
        }
        return new TextFacts(characters, HexFormat.of().formatHex(digest.digest()), blank, firstNul);
    }

    private static boolean isBlank(char c) {
        return Character.isWhitespace(c) || Character.isSpaceChar(c) || c == '\uFEFF' || c == '\u200B';
    }

    private static MessageDigest sha256Digest() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every Java platform has SHA-256", e);
        }
    }
}
