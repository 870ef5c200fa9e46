package io.github.lift4j.server.store;

import java.nio.file.Path;
import java.time.Clock;

/**
 * All that a service keeps. Any thread may use any part of it.
 *
 * @param folder where memories and files lie
 */
public record Store(
        DataFolder folder, Database database, FileShelf files, JobQueue jobs, JobEvents events, KeyRing keys)
        implements AutoCloseable {

    /**
     * Opens what is kept in a folder; a folder that is not there is made.
     *
     * @throws io.github.lift4j.engine.LiftException where it cannot be written, or another process has it
     */
    public static Store open(Path root, Clock clock) {
        DataFolder folder = DataFolder.open(root);
        try {
            Database database = Database.open(folder.database());
            try {
                return new Store(
                        folder,
                        database,
                        new FileShelf(folder, database, clock),
                        new JobQueue(database, clock),
                        new JobEvents(database, clock),
                        new KeyRing(database, clock));
            } catch (RuntimeException e) {
                database.close();
                throw e;
            }
        } catch (RuntimeException e) {
            folder.close();
            throw e;
        }
    }

    @Override
    public void close() {
        database.close();
        folder.close();
    }
}
