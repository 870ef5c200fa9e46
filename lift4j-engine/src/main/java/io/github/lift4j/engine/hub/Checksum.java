package io.github.lift4j.engine.hub;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** The hashes by which the hub names files. */
final class Checksum {

    private Checksum() {}

    /**
     * Whether a file is the one that an entity tag names: SHA-256 for a large file, git's blob hash for a small one. A
     * tag of any other form, which a mirror may have made up, says nothing about the content and matches.
     */
    static boolean matches(Path file, String etag) throws IOException {
        return switch (etag.replaceAll("[0-9a-f]", "").isEmpty() ? etag.length() : 0) {
            case 64 -> sha256(file).equals(etag);
            case 40 -> gitBlob(file).equals(etag);
            default -> true;
        };
    }

    static String sha256(Path file) throws IOException {
        return hex(digest("SHA-256"), file);
    }

    /** SHA-1 over {@code "blob " + length + "\0"} and the content. */
    static String gitBlob(Path file) throws IOException {
        MessageDigest digest = digest("SHA-1");
        digest.update(("blob " + Files.size(file) + "\0").getBytes(StandardCharsets.US_ASCII));
        return hex(digest, file);
    }

    private static String hex(MessageDigest digest, Path file) throws IOException {
        byte[] buffer = new byte[1 << 16];
        try (InputStream in = Files.newInputStream(file)) {
            for (int count; (count = in.read(buffer)) >= 0; ) {
                digest.update(buffer, 0, count);
            }
        }
        return HexFormat.of().formatHex(digest.digest());
    }

    private static MessageDigest digest(String algorithm) {
        try {
            return MessageDigest.getInstance(algorithm);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every Java platform has " + algorithm, e);
        }
    }

    /** A hash of bytes as they come. */
    record Running(MessageDigest digest) {

        static Running sha256() {
            return new Running(Checksum.digest("SHA-256"));
        }

        void add(byte[] bytes, int count) {
            digest.update(bytes, 0, count);
        }

        /** The hash so far in lower-case hexadecimal; it then begins anew. */
        String hex() {
            return HexFormat.of().formatHex(digest.digest());
        }
    }
}
