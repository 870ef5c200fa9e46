package io.github.lift4j.server.store;

import io.github.lift4j.engine.LiftException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.sqlite.SQLiteConfig;

/**
 * The SQLite file of a data folder. What a method of it returned from is on the disk: a kill or a power cut takes nothing
 * back. Any thread may use it; one at a time gets in.
 */
public final class Database implements AutoCloseable {

    private static final List<String> FIRST =
            List.of("""
            CREATE TABLE files (
              number INTEGER PRIMARY KEY AUTOINCREMENT,
              id TEXT NOT NULL UNIQUE,
              tenant TEXT NOT NULL,
              name TEXT NOT NULL,
              purpose TEXT NOT NULL,
              bytes INTEGER NOT NULL,
              created_at INTEGER NOT NULL)""", """
            CREATE TABLE jobs (
              number INTEGER PRIMARY KEY AUTOINCREMENT,
              id TEXT NOT NULL UNIQUE,
              tenant TEXT NOT NULL,
              status TEXT NOT NULL,
              model TEXT NOT NULL,
              base TEXT NOT NULL,
              file TEXT NOT NULL,
              memory TEXT NOT NULL UNIQUE,
              recipe TEXT NOT NULL,
              seed INTEGER NOT NULL,
              metadata TEXT NOT NULL,
              created_at INTEGER NOT NULL,
              finished_at INTEGER,
              trained_tokens INTEGER,
              error_code TEXT,
              error_message TEXT)""", """
            CREATE TABLE events (
              number INTEGER PRIMARY KEY AUTOINCREMENT,
              job TEXT NOT NULL REFERENCES jobs (id),
              level TEXT NOT NULL,
              message TEXT NOT NULL,
              data TEXT,
              created_at INTEGER NOT NULL)""", "CREATE INDEX events_of_job ON events (job, number)");

    private static final List<String> KEYS = List.of("""
            CREATE TABLE keys (
              name TEXT PRIMARY KEY,
              sha256 TEXT NOT NULL UNIQUE,
              tenant TEXT NOT NULL,
              scopes TEXT NOT NULL,
              created_at INTEGER NOT NULL,
              used_at INTEGER)""");

    /** A job stays where the memory it came to is deleted. */
    private static final List<String> DELETED = List.of("ALTER TABLE jobs ADD COLUMN memory_deleted_at INTEGER");

    /** What makes of each version the next one, from an empty file on: the version is how many of them were done. */
    private static final List<List<String>> VERSIONS = List.of(FIRST, KEYS, DELETED);

    /** Reads one row. */
    @FunctionalInterface
    interface Row<T> {

        T read(ResultSet row) throws SQLException;
    }

    /** Some statements that belong together. */
    @FunctionalInterface
    interface Work<T> {

        T run() throws SQLException;
    }

    private final Connection connection;
    private final ReentrantLock turn = new ReentrantLock();

    private Database(Connection connection) {
        this.connection = connection;
    }

    /**
     * Opens a database; one that is not there is made, one of an earlier version brought up to this one. Several processes
     * may.
     *
     * @throws LiftException where it is of a later version
     */
    public static Database open(Path file) {
        SQLiteConfig config = new SQLiteConfig();
        config.enforceForeignKeys(true);
        config.setBusyTimeout(10_000);
        config.setJournalMode(SQLiteConfig.JournalMode.WAL);
        config.setSynchronous(SQLiteConfig.SynchronousMode.FULL);
        // What reads first and then writes would fail where another process wrote between.
        config.setTransactionMode(SQLiteConfig.TransactionMode.IMMEDIATE);
        Database database;
        try {
            database = new Database(config.createConnection("jdbc:sqlite:" + file));
        } catch (SQLException e) {
            throw unusable(e);
        }
        try {
            database.prepare();
            return database;
        } catch (RuntimeException e) {
            database.close();
            throw e;
        }
    }

    private void prepare() {
        together(() -> {
            int version = one("PRAGMA user_version", row -> row.getInt(1)).orElse(0);
            if (version > VERSIONS.size()) {
                throw new LiftException("The data folder has version " + version + " but this lift4j reads at most "
                        + VERSIONS.size() + ": use the lift4j that wrote it, or name another folder with --data.");
            }
            if (version < VERSIONS.size()) {
                try (Statement statement = connection.createStatement()) {
                    for (List<String> step : VERSIONS.subList(version, VERSIONS.size())) {
                        for (String part : step) {
                            statement.execute(part);
                        }
                    }
                    statement.execute("PRAGMA user_version = " + VERSIONS.size());
                }
            }
            return version;
        });
    }

    /** Runs statements so that all of them happen or none. Not to be nested. */
    <T> T together(Work<T> work) {
        turn.lock();
        try {
            connection.setAutoCommit(false);
            try {
                T result = work.run();
                connection.commit();
                return result;
            } catch (SQLException | RuntimeException e) {
                connection.rollback();
                throw e;
            } finally {
                connection.setAutoCommit(true);
            }
        } catch (SQLException e) {
            throw unusable(e);
        } finally {
            turn.unlock();
        }
    }

    /** Changes rows. @return how many */
    int change(String sql, @Nullable Object... values) {
        return prepared(sql, PreparedStatement::executeUpdate, values);
    }

    /** All rows of a query. */
    <T> List<T> all(String sql, Row<T> row, @Nullable Object... values) {
        return prepared(
                sql,
                statement -> {
                    List<T> found = new ArrayList<>();
                    try (ResultSet rows = statement.executeQuery()) {
                        while (rows.next()) {
                            found.add(row.read(rows));
                        }
                    }
                    return found;
                },
                values);
    }

    /** The first row of a query, if it has one. */
    <T> Optional<T> one(String sql, Row<T> row, @Nullable Object... values) {
        return all(sql, row, values).stream().findFirst();
    }

    /** What is done with a statement. */
    @FunctionalInterface
    private interface Use<T> {

        T of(PreparedStatement statement) throws SQLException;
    }

    private <T> T prepared(String sql, Use<T> use, @Nullable Object... values) {
        turn.lock();
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            for (int i = 0; i < values.length; i++) {
                statement.setObject(i + 1, values[i]);
            }
            return use.of(statement);
        } catch (SQLException e) {
            throw unusable(e);
        } finally {
            turn.unlock();
        }
    }

    /** Not a {@link LiftException}: no caller's input is at fault. */
    private static IllegalStateException unusable(SQLException e) {
        return new IllegalStateException("the database of the data folder cannot be used: " + e.getMessage(), e);
    }

    @Override
    public void close() {
        turn.lock();
        try {
            connection.close();
        } catch (SQLException e) {
            throw unusable(e);
        } finally {
            turn.unlock();
        }
    }
}
