package io.github.lift4j.server.store;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.util.Optional;

/** What happened to jobs. */
public final class JobEvents {

    private final Database database;
    private final Clock clock;

    public JobEvents(Database database, Clock clock) {
        this.database = database;
        this.clock = clock;
    }

    /** Notes something that a person should know. */
    public void say(String job, String level, String message) {
        add(job, level, message, Optional.empty());
    }

    /**
     * Notes what was measured.
     *
     * @param data a JSON object
     */
    public void measured(String job, String message, String data) {
        add(job, "info", message, Optional.of(data));
    }

    private void add(String job, String level, String message, Optional<String> data) {
        database.change(
                "INSERT INTO events (job, level, message, data, created_at) VALUES (?, ?, ?, ?, ?)",
                job,
                level,
                message,
                data.orElse(null),
                clock.instant().getEpochSecond());
    }

    /** A job's events, newest first, behind the one of that id where one is given. */
    public Page<JobEvent> list(String job, Optional<String> after, int limit) {
        // Numbered within the job: how many events there are of all jobs together is nobody's business.
        return Page.of(
                database.all(
                        "SELECT place, level, message, data, created_at FROM (SELECT row_number() OVER (ORDER BY number)"
                                + " AS place, * FROM events WHERE job = ?) WHERE place < coalesce(CAST(substr(?, ?) AS"
                                + " INTEGER), 9e18) ORDER BY place DESC LIMIT ?",
                        row -> read(prefix(job), row),
                        job,
                        after.orElse(null),
                        prefix(job).length() + 1,
                        limit + 1),
                limit);
    }

    private static String prefix(String job) {
        return "ftevent-" + job.substring(job.indexOf('-') + 1) + "-";
    }

    private static JobEvent read(String prefix, ResultSet row) throws SQLException {
        return new JobEvent(
                prefix + row.getLong(1),
                row.getString(2),
                row.getString(3),
                Optional.ofNullable(row.getString(4)),
                row.getLong(5));
    }
}
