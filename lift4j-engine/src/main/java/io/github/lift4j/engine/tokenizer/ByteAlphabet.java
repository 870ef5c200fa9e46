package io.github.lift4j.engine.tokenizer;

import java.io.ByteArrayOutputStream;
import java.util.Optional;
import java.util.stream.IntStream;

/** The letters by which byte-level vocabularies write bytes: itself where one is visible, else one from U+0100 (GPT-2). */
final class ByteAlphabet {

    private static final int FIRST_OTHER = 0x100;

    /** Those that are not visible, in order. */
    private static final int[] OTHERS =
            IntStream.range(0, 0x100).filter(b -> !visible(b)).toArray();

    private ByteAlphabet() {}

    /** The letter of a byte, 0 to 255. */
    static int letterOf(int value) {
        return visible(value)
                ? value
                : FIRST_OTHER
                        + (int) IntStream.of(OTHERS).takeWhile(b -> b < value).count();
    }

    /** The bytes that a token's letters stand for; empty where one of them stands for none. */
    static Optional<byte[]> bytes(String letters) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        for (int letter : letters.codePoints().toArray()) {
            int other = letter - FIRST_OTHER;
            if (other >= OTHERS.length || other < 0 && !visible(letter)) {
                return Optional.empty();
            }
            bytes.write(other < 0 ? letter : OTHERS[other]);
        }
        return Optional.of(bytes.toByteArray());
    }

    private static boolean visible(int b) {
        return (b >= '!' && b <= '~') || (b >= 0xA1 && b <= 0xAC) || (b >= 0xAE && b <= 0xFF);
    }
}
