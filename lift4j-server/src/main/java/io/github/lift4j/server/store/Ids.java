package io.github.lift4j.server.store;

import java.security.SecureRandom;
import java.util.Base64;
import java.util.HexFormat;

/** Names and secrets that nobody can guess. */
final class Ids {

    private static final SecureRandom RANDOM = new SecureRandom();

    private Ids() {}

    /** 24 hexadecimal digits. */
    static String next() {
        return HexFormat.of().formatHex(random(12));
    }

    /** 256 bits in 43 letters, digits, hyphens and underscores. */
    static String secret() {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(random(32));
    }

    private static byte[] random(int count) {
        byte[] bytes = new byte[count];
        RANDOM.nextBytes(bytes);
        return bytes;
    }
}
