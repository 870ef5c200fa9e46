package io.github.lift4j.server.api;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.Deflater;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/** A memory's folder as one ZIP file. */
final class MemoryArchive {

    private MemoryArchive() {}

    /**
     * Writes all files of a memory, in a folder of its name, as they are read: none is held whole.
     *
     * @param to is left open
     */
    static void write(String name, Path memory, OutputStream to) throws IOException {
        ZipOutputStream archive = new ZipOutputStream(to);
        // Weights hardly get smaller, and they are nearly all of it.
        archive.setLevel(Deflater.NO_COMPRESSION);
        for (Path file : files(memory)) {
            archive.putNextEntry(
                    new ZipEntry(name + "/" + memory.relativize(file).toString().replace('\\', '/')));
            Files.copy(file, archive);
            archive.closeEntry();
        }
        archive.finish();
    }

    private static List<Path> files(Path memory) throws IOException {
        try (Stream<Path> tree = Files.walk(memory)) {
            return tree.filter(Files::isRegularFile).sorted().toList();
        }
    }
}
