package io.github.lift4j.server.store;

import io.github.lift4j.engine.LiftException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;

/**
 * Uploaded documents: each in a folder of its own, under its own name, so that it is read as what its name says. A file
 * is there when the database says so; a folder without a row is what a kill has left, and goes at the next start.
 */
public final class FileShelf {

    private static final String COLUMNS = "SELECT id, name, purpose, bytes, created_at FROM files ";

    private final DataFolder folder;
    private final Database database;
    private final Clock clock;

    /** The files of a data folder; deletes what belongs to none. */
    public FileShelf(DataFolder folder, Database database, Clock clock) {
        this.folder = folder;
        this.database = database;
        this.clock = clock;
        sweep();
    }

    private void sweep() {
        Set<String> known = database.all("SELECT id FROM files", row -> row.getString(1)).stream()
                .collect(Collectors.toSet());
        DataFolder.list(folder.files()).stream()
                .filter(path -> !known.contains(path.getFileName().toString()))
                .forEach(DataFolder::delete);
    }

    /** A place in which to receive a file before it is {@linkplain #add added}. */
    public Path receiving() {
        return folder.temporary().resolve(UUID.randomUUID().toString());
    }

    /**
     * Keeps a received file for good.
     *
     * @param received is moved away
     * @param uploadedAs what the client calls it
     * @param most files the tenant may have, this one included
     * @return empty where there are so many already
     */
    public Optional<StoredFile> add(Tenant tenant, Path received, String uploadedAs, String purpose, int most) {
        String id = "file-" + Ids.next();
        String name = FileName.safe(uploadedAs);
        try {
            try (FileChannel channel = FileChannel.open(received, StandardOpenOption.WRITE)) {
                channel.force(true);
            }
            long bytes = Files.size(received);
            Path home = Files.createDirectories(folder.files().resolve(id));
            Files.move(received, home.resolve(name), StandardCopyOption.ATOMIC_MOVE);
            StoredFile file =
                    new StoredFile(id, name, purpose, bytes, clock.instant().getEpochSecond());
            int added = database.change(
                    "INSERT INTO files (id, tenant, name, purpose, bytes, created_at) SELECT ?, ?, ?, ?, ?, ?"
                            + " WHERE (SELECT count(*) FROM files WHERE tenant = ?) < ?",
                    id,
                    tenant.id(),
                    name,
                    purpose,
                    bytes,
                    file.createdAt(),
                    tenant.id(),
                    most);
            if (added == 0) {
                DataFolder.delete(home);
                return Optional.empty();
            }
            return Optional.of(file);
        } catch (IOException e) {
            throw new IllegalStateException("an uploaded file could not be kept: " + e.getMessage(), e);
        }
    }

    /** A tenant's file. */
    public Optional<StoredFile> find(Tenant tenant, String id) {
        return database.one(COLUMNS + "WHERE tenant = ? AND id = ?", FileShelf::read, tenant.id(), id);
    }

    /**
     * A tenant's files, newest first.
     *
     * @param after the id behind which to begin; empty for the beginning
     */
    public Page<StoredFile> list(Tenant tenant, Optional<String> after, int limit) {
        return Page.newest(database, "files", COLUMNS, FileShelf::read, tenant, after, limit);
    }

    /** Where a file's content is. */
    public Path content(StoredFile file) {
        return folder.files().resolve(file.id()).resolve(file.name());
    }

    /**
     * Deletes a tenant's file.
     *
     * @return whether there was one
     * @throws LiftException where a job still needs it
     */
    public boolean delete(Tenant tenant, String id) {
        boolean gone = database.together(() -> {
            if (needed(id)) {
                throw new LiftException("The file " + id + " is needed by a job that has not ended: cancel the job"
                        + " first, or wait for it.");
            }
            return database.change("DELETE FROM files WHERE tenant = ? AND id = ?", tenant.id(), id) == 1;
        });
        if (gone) {
            DataFolder.delete(folder.files().resolve(id));
        }
        return gone;
    }

    private boolean needed(String id) {
        List<String> open = JobStatus.open().stream().map(JobStatus::word).toList();
        return database.one(
                        "SELECT 1 FROM jobs WHERE file = ? AND status IN (?, ?, ?)",
                        row -> row.getInt(1),
                        id,
                        open.get(0),
                        open.get(1),
                        open.get(2))
                .isPresent();
    }

    private static StoredFile read(ResultSet row) throws SQLException {
        return new StoredFile(row.getString(1), row.getString(2), row.getString(3), row.getLong(4), row.getLong(5));
    }
}
