package io.github.lift4j.engine.hub;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The layout of the Hugging Face cache, as its Python client makes it:
 *
 * <pre>
 * models--owner--name/
 *   blobs/ETAG                     the files, named by their SHA-256 (large) or git hash (small)
 *   refs/main                      the commit that a branch or tag was last seen at
 *   snapshots/COMMIT/config.json   relative links into blobs
 * </pre>
 *
 * <p>A snapshot's link is made when its blob is whole, so a file that is there is whole.
 */
record HubCache(Path root) {

    static final String FOLDER_PREFIX = "models--";

    private static final Pattern COMMIT = Pattern.compile("[0-9a-f]{40}");

    Path repository(ModelId id) {
        return root.resolve(FOLDER_PREFIX + id.owner() + "--" + id.name());
    }

    Path blobs(ModelId id) {
        return repository(id).resolve("blobs");
    }

    Path snapshot(ModelId id, String commit) {
        return repository(id).resolve("snapshots").resolve(commit);
    }

    /** Ours, beside the Python client's own locks; those work by another system call and do not exclude ours. */
    Path lockFile(ModelId id) {
        return root.resolve(".locks").resolve(repository(id).getFileName()).resolve("lift4j.lock");
    }

    /** The commit that a revision stands for, as far as the cache knows. */
    Optional<String> commit(ModelId id) {
        if (isCommit(id.revision())) {
            return Optional.of(id.revision());
        }
        Path ref = repository(id).resolve("refs").resolve(id.revision());
        if (!Files.isRegularFile(ref)) {
            return Optional.empty();
        }
        try {
            return Optional.of(Files.readString(ref).strip()).filter(HubCache::isCommit);
        } catch (IOException e) {
            return Optional.empty(); // Not readable, so not known: the hub can tell.
        }
    }

    /** The snapshot folder or GGUF file, if it is here and whole. */
    Optional<Path> find(ModelId id) {
        return commit(id).flatMap(commit -> find(id, commit));
    }

    Optional<Path> find(ModelId id, String commit) {
        Path snapshot = snapshot(id, commit);
        return id.file()
                .map(file -> Optional.of(snapshot.resolve(file)).filter(Files::isRegularFile))
                .orElseGet(() -> Optional.of(snapshot).filter(ModelFiles::isComplete));
    }

    /** Notes what a branch or tag points to. Comes last, so that a broken download hides no older, whole snapshot. */
    void point(ModelId id, String commit) {
        if (!id.revision().equals(commit) && !commit(id).equals(Optional.of(commit))) {
            Path ref = repository(id).resolve("refs").resolve(id.revision());
            // Not beside it: the Python client takes every file under refs for a reference.
            Disk.writeAtomically(ref, commit, repository(id));
        }
    }

    static boolean isCommit(String text) {
        return COMMIT.matcher(text).matches();
    }
}
