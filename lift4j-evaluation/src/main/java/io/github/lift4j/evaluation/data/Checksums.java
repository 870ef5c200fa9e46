package io.github.lift4j.evaluation.data;

import io.github.lift4j.engine.AtomicFile;
import io.github.lift4j.engine.LiftException;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The SHA-256 of each file of a folder, as they were first seen: in {@code SHA256SUMS}, which {@code sha256sum -c} reads.
 *
 * @param folder of the files
 * @param noted by the file's path in the folder; empty where nothing was noted yet
 */
record Checksums(Path folder, SortedMap<String, String> noted) {

    private static final String NAME = "SHA256SUMS";
    private static final String GAP = "  ";

    static Checksums of(Path folder) {
        SortedMap<String, String> noted = new TreeMap<>();
        Path file = folder.resolve(NAME);
        if (Files.exists(file)) {
            try {
                for (String line : Files.readAllLines(file)) {
                    String[] parts = line.split(GAP, 2);
                    if (parts.length == 2) {
                        noted.put(parts[1], parts[0]);
                    }
                }
            } catch (IOException e) {
                throw unreadable(file, e);
            }
        }
        return new Checksums(folder, noted);
    }

    /** Whether checksums were noted and each of their files is there. */
    boolean allPresent() {
        return !noted.isEmpty() && noted.keySet().stream().allMatch(name -> Files.exists(folder.resolve(name)));
    }

    /**
     * Notes the files' checksums where there are none, else compares.
     *
     * @throws LiftException where a file is another one than it was
     */
    void noteOrVerify() {
        Map<String, String> now = sums();
        if (noted.isEmpty()) {
            String text = now.entrySet().stream()
                    .map(sum -> sum.getValue() + GAP + sum.getKey() + "\n")
                    .collect(Collectors.joining());
            AtomicFile.write(folder.resolve(NAME), out -> out.write(text.getBytes(StandardCharsets.UTF_8)));
            return;
        }
        noted.forEach((name, sum) -> {
            if (!sum.equals(now.get(name))) {
                throw new LiftException(folder.resolve(name) + " is not the file that it was when it was first fetched:"
                        + " delete it to fetch it again, or, if its authors changed it, delete "
                        + folder.resolve(NAME) + " too.");
            }
        });
    }

    private SortedMap<String, String> sums() {
        SortedMap<String, String> sums = new TreeMap<>();
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                String name = folder.relativize(file).toString().replace('\\', '/');
                if (!name.equals(NAME) && !name.startsWith(".")) {
                    sums.put(name, sha256(file));
                }
            }
            return sums;
        } catch (IOException e) {
            throw unreadable(folder, e);
        }
    }

    private static String sha256(Path file) throws IOException {
        try (DigestInputStream in =
                new DigestInputStream(Files.newInputStream(file), MessageDigest.getInstance("SHA-256"))) {
            in.transferTo(OutputStream.nullOutputStream());
            return HexFormat.of().formatHex(in.getMessageDigest().digest());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    private static LiftException unreadable(Path file, IOException e) {
        return new LiftException(file + " cannot be read: check the disk and the permissions.", e);
    }
}
