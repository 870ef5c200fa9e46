package io.github.lift4j.evaluation.data;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.lift4j.engine.AtomicFile;
import io.github.lift4j.engine.LiftException;
import io.github.lift4j.engine.Progress;
import io.github.lift4j.engine.hub.HubSettings;
import io.github.lift4j.engine.hub.WebFile;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Enumeration;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;

/**
 * Fetches benchmarks from where their authors keep them: LooGLE and LongBench on Hugging Face, BAMBOO, QuALITY, QMSum and the
 * needle test's essays on GitHub. They lie in {@code data/} in lift4j's folder, a folder each, under the names that {@link
 * io.github.lift4j.evaluation.benchmark.BenchmarkReader} knows.
 *
 * <p>The authors publish no checksums. So each file's is noted when it is first fetched ({@link Checksums}), and whoever uses
 * or fetches it later is held to that; only where Hugging Face states a file's hash is the first fetch checked too.
 *
 * @param settings where the hub is, and lift4j's folder
 * @param github where GitHub serves single files
 * @param archives where GitHub serves whole repositories
 */
public record OfficialData(HubSettings settings, URI github, URI archives) {

    /** What authors call the archive of a data set on the hub. */
    private static final String ARCHIVE = "data.zip";

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final List<Source> SOURCES = load();

    /**
     * Where a set comes from.
     *
     * @param repository the hub's, whose files are looked up; or empty
     * @param addresses of files, or of one archive
     * @param files which of a repository's or an archive's are wanted, a regular expression; empty for all addresses
     * @param folder in the set's folder; empty for that itself
     */
    private record Source(String set, String repository, List<String> addresses, String files, String folder) {}

    /** The official places. */
    public static OfficialData of(HubSettings settings) {
        return new OfficialData(
                settings, URI.create("https://raw.githubusercontent.com"), URI.create("https://github.com"));
    }

    /** What can be fetched. */
    public static List<String> sets() {
        return SOURCES.stream().map(Source::set).toList();
    }

    /** Where the sets lie, a folder each. */
    public Path folder() {
        return settings.liftHome().resolve("data");
    }

    /**
     * Finds a set, or fetches it. What is here is checked against its checksums.
     *
     * @param progress hears downloads, in bytes
     * @return its folder
     * @throws LiftException where there is no such set, it cannot be had, or a file is not what it was
     */
    public Path fetch(String set, Progress progress) {
        Source source = SOURCES.stream()
                .filter(known -> known.set.equals(set))
                .findFirst()
                .orElseThrow(() -> new LiftException(
                        "'" + set + "' is no set that can be fetched: use one of " + String.join(", ", sets()) + "."));
        Path folder = folder().resolve(set);
        Checksums checksums = Checksums.of(folder);
        if (!checksums.allPresent()) {
            List<URI> addresses = addresses(source, folder, progress);
            for (URI address : addresses) {
                Path file = folder.resolve(source.folder).resolve(name(address.getPath()));
                if (!Files.exists(file)) {
                    new WebFile(address, settings).fetch(file, progress);
                }
                if (name(address.getPath()).endsWith(".zip")) {
                    unpack(file, source);
                }
            }
        }
        checksums.noteOrVerify();
        return folder;
    }

    private List<URI> addresses(Source source, Path folder, Progress progress) {
        if (!source.repository.isEmpty()) {
            return listed(source, folder, progress);
        }
        return source.addresses.stream()
                .map(address ->
                        URI.create(address.replace("{hub}", settings.endpoint().toString())
                                .replace("{github}", github.toString())
                                .replace("{archives}", archives.toString())))
                .toList();
    }

    /**
     * The wanted files of a data set on the hub, at the commit that is the newest now: in its archive where it has one (LooGLE's
     * holds the lines as its authors describe them), else wherever they lie in it.
     */
    private List<URI> listed(Source source, Path folder, Progress progress) {
        Path listing = folder.resolve(".listing.json");
        URI address = URI.create(settings.endpoint() + "/api/datasets/" + source.repository + "/revision/main");
        new WebFile(address, settings).fetch(listing, progress);
        try {
            JsonNode found = JSON.readTree(listing.toFile());
            List<String> paths = found.path("siblings").findValuesAsText("rfilename");
            List<URI> files = (paths.contains(ARCHIVE)
                            ? Stream.of(ARCHIVE)
                            : paths.stream().filter(path -> path.matches(source.files)))
                    .map(path -> URI.create(settings.endpoint() + "/datasets/" + source.repository + "/resolve/"
                            + found.path("sha").asText() + "/" + path))
                    .toList();
            if (files.isEmpty()) {
                throw new LiftException(source.repository + " on the hub holds none of the files of " + source.set
                        + " any more: bring them to " + folder + " yourself.");
            }
            return files;
        } catch (JacksonException e) {
            throw new LiftException(address + " answered with something that is no listing: check HF_ENDPOINT.", e);
        } catch (IOException e) {
            throw new LiftException(listing + " cannot be read: check the disk and the permissions.", e);
        }
    }

    /** Takes the wanted files out of an archive, by their last names, and deletes it. */
    private static void unpack(Path archive, Source source) {
        try (ZipFile zip = new ZipFile(archive.toFile())) {
            for (Enumeration<? extends ZipEntry> entries = zip.entries(); entries.hasMoreElements(); ) {
                ZipEntry entry = entries.nextElement();
                if (entry.getName().matches(source.files)) {
                    AtomicFile.write(archive.resolveSibling(name(entry.getName())), out -> {
                        try (InputStream in = zip.getInputStream(entry)) {
                            in.transferTo(out);
                        }
                    });
                }
            }
        } catch (IOException e) {
            throw new LiftException(archive + " cannot be unpacked: delete it and fetch it again.", e);
        }
        try {
            Files.delete(archive);
        } catch (IOException e) {
            throw new LiftException(archive + " was unpacked but cannot be deleted: delete it.", e);
        }
    }

    private static String name(String path) {
        return path.substring(path.lastIndexOf('/') + 1);
    }

    private static List<Source> load() {
        try (InputStream in = OfficialData.class.getResourceAsStream("sources.json")) {
            return JSON.readValue(in, new TypeReference<List<Source>>() {});
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
