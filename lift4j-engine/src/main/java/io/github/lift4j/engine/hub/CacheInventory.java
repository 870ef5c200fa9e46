package io.github.lift4j.engine.hub;

import io.github.lift4j.engine.LiftException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * What lies in the hub cache and in lift4j's own folder, and its removal.
 *
 * @param ownModels the folder of the GGUF files that lift4j keeps itself
 */
record CacheInventory(HubCache hub, Path ownModels) {

    List<CachedModel> list() {
        List<CachedModel> models = new ArrayList<>();
        try {
            for (Path repository : children(hub.root())) {
                Optional<ModelId> id = idOf(repository);
                if (id.isPresent()) {
                    models.addAll(snapshots(id.get()));
                }
            }
            for (Path file : children(ownModels)) {
                if (isGguf(file)) {
                    models.add(describe(file.getFileName().toString(), "", "", file, List.of(file), true));
                }
            }
        } catch (IOException e) {
            throw new LiftException(
                    "The cached models cannot be listed (%s): make the folder readable.".formatted(e), e);
        }
        models.sort(Comparator.comparing(CachedModel::id).thenComparing(CachedModel::commit));
        return List.copyOf(models);
    }

    private List<CachedModel> snapshots(ModelId id) throws IOException {
        Map<String, String> names = references(id);
        List<CachedModel> models = new ArrayList<>();
        for (Path snapshot : children(hub.repository(id).resolve("snapshots"))) {
            String commit = snapshot.getFileName().toString();
            if (!HubCache.isCommit(commit) || !Files.isDirectory(snapshot)) {
                continue;
            }
            String revision = names.getOrDefault(commit, commit);
            List<Path> files = filesUnder(snapshot);
            List<Path> ggufs = files.stream().filter(CacheInventory::isGguf).toList();
            for (Path gguf : ggufs) {
                String name = id.repository() + "/" + slashed(snapshot.relativize(gguf));
                models.add(describe(name, revision, commit, gguf, List.of(gguf), Files.exists(gguf)));
            }
            List<Path> others = files.stream().filter(file -> !isGguf(file)).toList();
            if ((ggufs.isEmpty() && !others.isEmpty()) || Files.exists(snapshot.resolve(ModelFiles.CONFIG))) {
                boolean complete = ModelFiles.isComplete(snapshot);
                models.add(describe(id.repository(), revision, commit, snapshot, others, complete));
            }
        }
        return models;
    }

    /** By commit, the name that points to it; "main" before any other. */
    private Map<String, String> references(ModelId id) throws IOException {
        Path folder = hub.repository(id).resolve("refs");
        Map<String, String> names = new HashMap<>();
        for (Path file : filesUnder(folder)) {
            String name = slashed(folder.relativize(file));
            names.merge(Files.readString(file).strip(), name, (a, b) -> a.equals(ModelId.MAIN) ? a : b);
        }
        return names;
    }

    private static CachedModel describe(
            String id, String revision, String commit, Path path, List<Path> files, boolean complete)
            throws IOException {
        long bytes = 0;
        Instant lastUsed = Instant.EPOCH;
        Set<Path> counted = new HashSet<>();
        for (Path file : files) {
            if (Files.exists(file) && counted.add(file.toRealPath())) {
                BasicFileAttributes attributes = Files.readAttributes(file, BasicFileAttributes.class);
                bytes += attributes.size();
                Instant read = attributes.lastAccessTime().toInstant();
                lastUsed = read.isAfter(lastUsed) ? read : lastUsed;
            }
        }
        return new CachedModel(id, revision, commit, path, bytes, lastUsed, complete);
    }

    /** One of lift4j's own files, by its name. */
    Optional<Path> findOwn(String name) {
        boolean plain = ModelId.isSafePath(name) && !name.contains("/") && name.endsWith(".gguf");
        return plain ? Optional.of(ownModels.resolve(name)).filter(Files::isRegularFile) : Optional.empty();
    }

    /** Removes a model with all its revisions; returns the bytes that this freed. */
    long remove(String name) throws InterruptedException {
        Optional<Path> own = findOwn(name);
        if (own.isPresent()) {
            return delete(own.get());
        }
        ModelId id = ModelId.parse(name)
                .filter(parsed -> !name.contains("@"))
                .orElseThrow(() -> new LiftException(
                        "\"%s\" is no cached model's id: give one as listed, without a revision.".formatted(name)));
        Path repository = hub.repository(id);
        if (!Files.exists(repository, LinkOption.NOFOLLOW_LINKS)) {
            throw notCached(name);
        }
        requireInside(repository);
        try (FileLock _ = FileLock.acquire(hub.lockFile(id), () -> {})) {
            return id.file().isPresent() ? removeFile(id, id.file().get()) : removeRepository(repository);
        }
    }

    private static LiftException notCached(String name) {
        return new LiftException(
                "%s is not in the cache: give an id as listed among the cached models.".formatted(name));
    }

    private void requireInside(Path repository) {
        try {
            if (!repository.toRealPath().startsWith(hub.root().toRealPath())) {
                throw new LiftException("%s leads out of the cache %s, so it is left alone: remove it by hand."
                        .formatted(repository, hub.root()));
            }
        } catch (IOException e) {
            throw Disk.cannotWrite(repository, e);
        }
    }

    /** References first and blobs last: a kill on the way leaves a model that is missing, never one that is broken. */
    private static long removeRepository(Path repository) {
        try {
            long bytes = 0;
            for (Path file : filesUnder(repository)) {
                bytes += Files.isSymbolicLink(file) ? 0 : Files.size(file);
            }
            for (String part : List.of("refs", "snapshots", "blobs")) {
                Disk.deleteTree(repository.resolve(part));
            }
            Disk.deleteTree(repository);
            return bytes;
        } catch (IOException e) {
            throw Disk.cannotWrite(repository, e);
        }
    }

    private long removeFile(ModelId id, String file) {
        Path repository = hub.repository(id);
        try {
            Set<Path> targets = new HashSet<>();
            boolean found = false;
            for (Path snapshot : children(repository.resolve("snapshots"))) {
                Path link = snapshot.resolve(file);
                if (Files.isSymbolicLink(link)) {
                    targets.add(
                            link.resolveSibling(Files.readSymbolicLink(link)).normalize());
                }
                found |= Files.deleteIfExists(link);
                deleteEmptyFolders(Disk.folderOf(link), snapshot);
            }
            if (!found) {
                throw notCached(id.toString());
            }
            targets.removeAll(linkedBlobs(repository));
            targets.removeIf(
                    target -> !target.startsWith(hub.blobs(id)) || !Files.exists(target, LinkOption.NOFOLLOW_LINKS));
            return targets.stream().mapToLong(CacheInventory::delete).sum();
        } catch (IOException e) {
            throw Disk.cannotWrite(repository, e);
        }
    }

    /** A snapshot without files would be listed as a model that lacks all. */
    private static void deleteEmptyFolders(Path lowest, Path highest) throws IOException {
        for (Path folder = lowest;
                folder.startsWith(highest) && Files.isDirectory(folder);
                folder = Disk.folderOf(folder)) {
            if (!children(folder).isEmpty()) {
                return;
            }
            Files.delete(folder);
        }
    }

    private static Set<Path> linkedBlobs(Path repository) throws IOException {
        Set<Path> blobs = new HashSet<>();
        for (Path file : filesUnder(repository.resolve("snapshots"))) {
            if (Files.isSymbolicLink(file)) {
                blobs.add(file.resolveSibling(Files.readSymbolicLink(file)).normalize());
            }
        }
        return blobs;
    }

    private static long delete(Path file) {
        try {
            long bytes = Files.isSymbolicLink(file) ? 0 : Files.size(file);
            Files.delete(file);
            return bytes;
        } catch (IOException e) {
            throw Disk.cannotWrite(file, e);
        }
    }

    private static Optional<ModelId> idOf(Path repository) {
        String name = repository.getFileName().toString();
        if (!name.startsWith(HubCache.FOLDER_PREFIX) || !Files.isDirectory(repository)) {
            return Optional.empty();
        }
        return ModelId.parse(name.substring(HubCache.FOLDER_PREFIX.length()).replaceFirst("--", "/"));
    }

    private static boolean isGguf(Path file) {
        return file.getFileName().toString().endsWith(".gguf");
    }

    private static String slashed(Path relative) {
        return relative.toString().replace(relative.getFileSystem().getSeparator(), "/");
    }

    private static List<Path> children(Path folder) throws IOException {
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        try (Stream<Path> children = Files.list(folder)) {
            return children.sorted().toList();
        }
    }

    /** Files and links, as they stand. */
    private static List<Path> filesUnder(Path folder) throws IOException {
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        try (Stream<Path> files = Files.walk(folder)) {
            return files.filter(file -> !Files.isDirectory(file, LinkOption.NOFOLLOW_LINKS))
                    .sorted()
                    .toList();
        }
    }
}
