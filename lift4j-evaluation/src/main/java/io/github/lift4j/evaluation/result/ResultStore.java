package io.github.lift4j.evaluation.result;

import com.fasterxml.jackson.core.JacksonException;
import io.github.lift4j.engine.LiftException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.sqlite.SQLiteConfig;

/**
 * The results of a run in an SQLite file. A finished unit is written in one transaction, so that a killed run has it wholly
 * or not at all. The tables {@code units} and {@code findings} hold JSON; the views {@code scored}, {@code scores}, {@code
 * needles} and {@code timings} have a column for each value, for {@code sqlite3} and the like.
 *
 * <p>Belongs to one thread; close it. Several processes may open one file, each its own store, and write different units of
 * one plan at the same time.
 */
public final class ResultStore implements AutoCloseable {

    /**
     * The version of the tables that this code writes, and of what units of work do: raised where an equal unit gives other
     * findings than before, so that old and new ones are not mixed. 2: official prompts where the document is in the window. 3:
     * orders are read out of answers that say more.
     */
    private static final int CURRENT = 3;

    /** How long one waits for others who write. */
    private static final int PATIENCE_MILLIS = 60_000;

    private static final List<String> SCHEMA =
            List.of("""
            CREATE TABLE units (
              id INTEGER PRIMARY KEY,
              position INTEGER,
              unit TEXT NOT NULL UNIQUE,
              finished INTEGER NOT NULL DEFAULT 0,
              tokens INTEGER, task_seconds REAL, training_seconds REAL, seconds REAL)""", """
            CREATE TABLE findings (
              unit INTEGER NOT NULL REFERENCES units (id),
              number INTEGER NOT NULL,
              finding TEXT NOT NULL,
              PRIMARY KEY (unit, number)) WITHOUT ROWID""", """
            CREATE VIEW found AS
              SELECT u.id AS unit, f.number AS line, u.position, u.unit ->> 'model' AS model,
                u.unit ->> '$.recipe.name' AS recipe, u.unit ->> 'seed' AS seed, f.finding
              FROM findings f JOIN units u ON u.id = f.unit""", """
            CREATE VIEW scored AS
              SELECT unit, line, position, model, recipe, seed, finding ->> 'set' AS "set", finding ->> 'kind' AS kind,
                finding ->> 'document' AS document, finding ->> 'title' AS title, finding ->> 'number' AS number,
                finding ->> 'mode' AS mode, finding ->> 'question' AS question, finding ->> 'gold' AS gold,
                finding ->> 'answer' AS answer, finding ->> 'evidence' AS evidence, finding ->> 'scores' AS scores
              FROM found WHERE finding ->> 'finding' = 'scored'""", """
            CREATE VIEW scores AS
              SELECT s.unit, s.line, s.position, s.model, s.recipe, s.seed, s."set", s.kind, s.document, s.number, s.mode,
                e.key AS metric, e.value AS score
              FROM scored s, json_each(s.scores) e""", """
            CREATE VIEW needles AS
              SELECT unit, line, position, model, recipe, seed, finding ->> 'tokens' AS tokens,
                finding ->> 'depth' AS depth, finding ->> 'needle' AS needle, finding ->> 'mode' AS mode,
                finding ->> 'question' AS question, finding ->> 'gold' AS gold, finding ->> 'answer' AS answer,
                finding ->> 'recall' AS recall, finding ->> 'nll' AS nll
              FROM found WHERE finding ->> 'finding' = 'needle'""", """
            CREATE VIEW timings AS
              SELECT unit, line, position, model, recipe, seed, finding ->> 'mode' AS mode,
                finding ->> 'tokens' AS tokens, finding ->> 'repetition' AS repetition,
                finding ->> 'seconds' AS seconds, finding ->> 'parts' AS parts,
                finding ->> 'peak_bytes' AS peak_bytes, finding ->> 'out_of_memory' AS out_of_memory
              FROM found WHERE finding ->> 'finding' = 'timing'""", "PRAGMA user_version = " + CURRENT);

    private final Path file;
    private final Connection connection;

    private ResultStore(Path file, Connection connection) {
        this.file = file;
        this.connection = connection;
    }

    /**
     * Opens a file of results; one that is not there is made.
     *
     * @throws LiftException where it cannot be read or written, or is of another version
     */
    public static ResultStore open(Path file) {
        boolean fresh = Files.notExists(file);
        SQLiteConfig config = new SQLiteConfig();
        config.enforceForeignKeys(true);
        config.setBusyTimeout(PATIENCE_MILLIS);
        try {
            ResultStore store = new ResultStore(file, config.createConnection("jdbc:sqlite:" + file));
            try {
                store.prepare();
                return store;
            } catch (SQLException | RuntimeException e) {
                store.close();
                throw e;
            }
        } catch (SQLException e) {
            throw new LiftException(
                    "The results in " + file + " cannot be " + (fresh ? "written" : "read") + " (" + e.getMessage()
                            + "): check the disk and the permissions, or run into another folder.",
                    e);
        }
    }

    private void prepare() throws SQLException {
        if (version() == 0) {
            transaction(this::makeTables);
        }
        int version = version();
        if (version != CURRENT) {
            throw new LiftException("The results in " + file + " have version " + version + " but this lift4j reads "
                    + CURRENT + ": use the lift4j that wrote them, or run the suite anew.");
        }
    }

    /** Does nothing where another process was faster. */
    private void makeTables() throws SQLException {
        if (version() == 0) {
            for (String table : SCHEMA) {
                execute(table);
            }
        }
    }

    private int version() throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("PRAGMA user_version")) {
            return row.getInt(1);
        }
    }

    /** Says which units there are to do, in which order; what is finished of them stays, and so do units of an earlier plan. */
    public void plan(List<Unit> units) {
        work(() -> transaction(() -> {
            execute("DELETE FROM units WHERE NOT finished");
            execute("UPDATE units SET position = NULL");
            try (PreparedStatement add = connection.prepareStatement("INSERT INTO units (unit, position) VALUES (?, ?)"
                    + " ON CONFLICT (unit) DO UPDATE SET position = excluded.position")) {
                for (int i = 0; i < units.size(); i++) {
                    add.setString(1, ResultJson.write(units.get(i)));
                    add.setInt(2, i);
                    add.execute();
                }
            }
        }));
    }

    /** The planned units that are not finished, in the plan's order. */
    public List<Unit> open() {
        return units("WHERE NOT finished ORDER BY position");
    }

    /** All planned units, in the plan's order. */
    public List<Unit> planned() {
        return units("WHERE position IS NOT NULL ORDER BY position");
    }

    private List<Unit> units(String which) {
        return read("SELECT unit FROM units " + which, row -> ResultJson.unit(row.getString(1)));
    }

    /** Keeps a finished unit, at once and as a whole. It stands in for what an equal unit gave before. */
    public void add(Result result) {
        work(() -> transaction(() -> {
            long id = finish(result);
            try (PreparedStatement forget = connection.prepareStatement("DELETE FROM findings WHERE unit = ?");
                    PreparedStatement add = connection.prepareStatement("INSERT INTO findings VALUES (?, ?, ?)")) {
                forget.setLong(1, id);
                forget.execute();
                for (int i = 0; i < result.findings().size(); i++) {
                    add.setLong(1, id);
                    add.setInt(2, i);
                    add.setString(3, ResultJson.write(result.findings().get(i)));
                    add.execute();
                }
            }
        }));
    }

    private long finish(Result result) throws SQLException {
        try (PreparedStatement add = connection.prepareStatement(
                "INSERT INTO units (unit, finished, tokens, task_seconds, training_seconds, seconds)"
                        + " VALUES (?, 1, ?, ?, ?, ?) ON CONFLICT (unit) DO UPDATE SET finished = 1,"
                        + " tokens = excluded.tokens, task_seconds = excluded.task_seconds,"
                        + " training_seconds = excluded.training_seconds, seconds = excluded.seconds RETURNING id")) {
            add.setString(1, ResultJson.write(result.unit()));
            add.setLong(2, result.effort().tokens());
            add.setDouble(3, result.effort().taskSeconds());
            add.setDouble(4, result.effort().trainingSeconds());
            add.setDouble(5, result.effort().seconds());
            try (ResultSet row = add.executeQuery()) {
                return row.getLong(1);
            }
        }
    }

    /**
     * All that is finished: in the plan's order, so that it does not matter in which order and how often broken off it was
     * done; behind it what belongs to an earlier plan.
     */
    public List<Result> results() {
        // Units first: one that another process finishes meanwhile is left out, and not taken for one without findings.
        List<Finished> finished = read(
                "SELECT id, unit, tokens, task_seconds, training_seconds, seconds FROM units WHERE finished"
                        + " ORDER BY position IS NULL, position, unit",
                row -> new Finished(
                        row.getLong(1),
                        ResultJson.unit(row.getString(2)),
                        new Effort(row.getLong(3), row.getDouble(4), row.getDouble(5), row.getDouble(6))));
        Map<Long, List<Finding>> findings = new HashMap<>();
        read(
                "SELECT unit, finding FROM findings ORDER BY unit, number",
                row -> findings.computeIfAbsent(row.getLong(1), id -> new ArrayList<>())
                        .add(ResultJson.finding(row.getString(2))));
        return finished.stream()
                .map(unit -> new Result(unit.unit, unit.effort, findings.getOrDefault(unit.id, List.of())))
                .toList();
    }

    private record Finished(long id, Unit unit, Effort effort) {}

    /** All findings of one kind, in the order of {@link #results}. */
    public <F extends Finding> Stream<F> findings(Class<F> kind) {
        return results().stream()
                .flatMap(result -> result.findings().stream())
                .filter(kind::isInstance)
                .map(kind::cast);
    }

    @Override
    public void close() {
        work(connection::close);
    }

    private <T> List<T> read(String query, Row<T> reader) {
        List<T> rows = new ArrayList<>();
        work(() -> {
            try (Statement statement = connection.createStatement();
                    ResultSet row = statement.executeQuery(query)) {
                while (row.next()) {
                    rows.add(reader.read(row));
                }
            } catch (JacksonException e) {
                throw new LiftException(
                        "The results in " + file + " are damaged or of another lift4j (" + e.getOriginalMessage()
                                + "): run the suite anew into another folder.",
                        e);
            }
        });
        return List.copyOf(rows);
    }

    /**
     * May write from its begin on: where it had to ask for that after it has read, SQLite would refuse and not wait, for
     * another process may have written what was read.
     */
    private void transaction(Work work) throws SQLException {
        execute("BEGIN IMMEDIATE");
        try {
            work.run();
            execute("COMMIT");
        } catch (SQLException | RuntimeException e) {
            rollBack(e);
            throw e;
        }
    }

    /** What went wrong before is what matters: SQLite itself may have rolled back then, and refuses to do so again. */
    private void rollBack(Exception why) {
        try {
            execute("ROLLBACK");
        } catch (SQLException e) {
            why.addSuppressed(e);
        }
    }

    private void execute(String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private void work(Work work) {
        try {
            work.run();
        } catch (SQLException e) {
            throw new LiftException(
                    "The results in " + file + " cannot be read or written (" + e.getMessage()
                            + "): check the disk, and that no other run writes there.",
                    e);
        }
    }

    @FunctionalInterface
    private interface Work {
        void run() throws SQLException;
    }

    @FunctionalInterface
    private interface Row<T> {
        T read(ResultSet row) throws SQLException, JacksonException;
    }
}
