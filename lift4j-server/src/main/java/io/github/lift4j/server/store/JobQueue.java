package io.github.lift4j.server.store;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * All jobs, and in which order they are done. A job's status changes in one statement that names what it was before, so two
 * who change it at once never both succeed.
 */
public final class JobQueue {

    private static final String COLUMNS = "SELECT id, tenant, status, model, file, memory, recipe, seed, metadata,"
            + " created_at, finished_at, trained_tokens, error_code, error_message FROM jobs ";

    /** Of a job whose memory is there. */
    private static final String WHOLE = "status = 'succeeded' AND memory_deleted_at IS NULL";

    private final Database database;
    private final Clock clock;

    public JobQueue(Database database, Clock clock) {
        this.database = database;
        this.clock = clock;
    }

    /**
     * Accepts a job; from then on it is not lost.
     *
     * @param most unfinished jobs the tenant may have, this one included
     * @return empty where there are so many already, or the file is not the tenant's (any more)
     */
    public Optional<Job> add(Tenant tenant, Job.Wish wish, int most) {
        String token = Ids.next();
        String id = "ftjob-" + token;
        String memory = wish.suffix().orElse("memory") + "-" + token.substring(0, 12);
        int added = database.change(
                "INSERT INTO jobs (id, tenant, status, model, base, file, memory, recipe, seed, metadata,"
                        + " created_at) SELECT ?, ?, 'queued', ?, ?, ?, ?, ?, ?, ?, ?"
                        + " WHERE (SELECT count(*) FROM jobs WHERE tenant = ? AND status IN ('queued', 'running')) < ?"
                        + " AND EXISTS (SELECT 1 FROM files WHERE id = ? AND tenant = ?)",
                id,
                tenant.id(),
                wish.model(),
                wish.base(),
                wish.file(),
                memory,
                wish.recipe(),
                wish.seed(),
                wish.metadata(),
                now(),
                tenant.id(),
                most,
                wish.file(),
                tenant.id());
        return added == 1 ? find(tenant, id) : Optional.empty();
    }

    /** A tenant's job. */
    public Optional<Job> find(Tenant tenant, String id) {
        return database.one(COLUMNS + "WHERE tenant = ? AND id = ?", JobQueue::read, tenant.id(), id);
    }

    /** A tenant's jobs, newest first, behind the one of that id where one is given. */
    public Page<Job> list(Tenant tenant, Optional<String> after, int limit) {
        return Page.newest(database, "jobs", COLUMNS, JobQueue::read, tenant, after, limit);
    }

    /** A tenant's jobs that became memories which are still there, newest first. */
    public List<Job> finished(Tenant tenant) {
        return database.all(
                COLUMNS + "WHERE tenant = ? AND " + WHOLE + " ORDER BY number DESC", JobQueue::read, tenant.id());
    }

    /**
     * Jobs of all tenants that became memories on a base which are still there, newest first.
     *
     * @param base as the jobs' wishes named it
     */
    public List<Job> finishedOn(String base, int most) {
        return database.all(
                COLUMNS + "WHERE base = ? AND " + WHOLE + " ORDER BY number DESC LIMIT ?", JobQueue::read, base, most);
    }

    /** The tenant's job that became the memory of that name, while that is there. */
    public Optional<Job> finished(Tenant tenant, String memory) {
        return database.one(
                COLUMNS + "WHERE tenant = ? AND " + WHOLE + " AND memory = ?", JobQueue::read, tenant.id(), memory);
    }

    /**
     * Has a tenant's memory forgotten: from now on there is none of that name, and its folder belongs to nobody.
     *
     * @return whether there was one
     */
    public boolean forget(Tenant tenant, String memory) {
        return database.change(
                        "UPDATE jobs SET memory_deleted_at = ? WHERE tenant = ? AND memory = ? AND " + WHOLE,
                        now(),
                        tenant.id(),
                        memory)
                == 1;
    }

    /** How many jobs wait or run. */
    public int unfinished() {
        return database.one("SELECT count(*) FROM jobs WHERE status IN ('queued', 'running')", row -> row.getInt(1))
                .orElse(0);
    }

    /**
     * The job that has waited longest, of the tenant whose last one ended longest ago; it is running from now on.
     *
     * @param base as the job's wish named it: those of other bases wait until theirs is served again
     */
    public Optional<Job> next(String base) {
        return database.one(
                "UPDATE jobs SET status = 'running' WHERE number ="
                        + " (SELECT number FROM jobs AS waiting WHERE status = 'queued' AND base = ? ORDER BY"
                        + " coalesce((SELECT max(finished_at) FROM jobs WHERE tenant = waiting.tenant), 0), number LIMIT 1)"
                        + " RETURNING id, tenant, status, model, file, memory, recipe, seed, metadata, created_at,"
                        + " finished_at, trained_tokens, error_code, error_message",
                JobQueue::read,
                base);
    }

    /** Puts back in the queue what ran when the last process ended, and says what that was. */
    public List<Job> requeue() {
        return database.together(() -> {
            List<Job> broken = database.all(COLUMNS + "WHERE status = 'running'", JobQueue::read);
            database.change("UPDATE jobs SET status = 'queued' WHERE status = 'running'");
            return broken;
        });
    }

    /** All memories' names, of jobs that became one and those that may. */
    public Set<String> memories() {
        return Set.copyOf(database.all(
                "SELECT memory FROM jobs WHERE status NOT IN ('failed', 'cancelled') AND memory_deleted_at IS NULL",
                row -> row.getString(1)));
    }

    /** Changes a job's status, if it is one of those now. */
    public boolean move(Job job, Set<JobStatus> from, JobStatus to) {
        return database.together(() -> {
            JobStatus now = status(job);
            Long ended = JobStatus.open().contains(to) ? null : now();
            return from.contains(now)
                    && database.change(
                                    "UPDATE jobs SET status = ?, finished_at = ? WHERE id = ?",
                                    to.word(),
                                    ended,
                                    job.id())
                            == 1;
        });
    }

    /** Where a job stands now. */
    public JobStatus status(Job job) {
        return database.one("SELECT status FROM jobs WHERE id = ?", row -> JobStatus.of(row.getString(1)), job.id())
                .orElseThrow(() -> new IllegalStateException("the job " + job.id() + " is gone"));
    }

    /** Ends a running job whose memory is whole. */
    public boolean succeed(Job job, long trainedTokens) {
        return database.change(
                        "UPDATE jobs SET status = 'succeeded', finished_at = ?, trained_tokens = ?"
                                + " WHERE id = ? AND status = 'running'",
                        now(),
                        trainedTokens,
                        job.id())
                == 1;
    }

    /** Ends a running job that cannot be done. */
    public boolean fail(Job job, Job.Failure why) {
        return database.change(
                        "UPDATE jobs SET status = 'failed', finished_at = ?, error_code = ?, error_message = ?"
                                + " WHERE id = ? AND status = 'running'",
                        now(),
                        why.code(),
                        why.message(),
                        job.id())
                == 1;
    }

    private long now() {
        return clock.instant().getEpochSecond();
    }

    private static Job read(ResultSet row) throws SQLException {
        String code = row.getString(13);
        return new Job(
                row.getString(1),
                new Tenant(row.getString(2)),
                JobStatus.of(row.getString(3)),
                row.getString(4),
                row.getString(5),
                row.getString(6),
                row.getString(7),
                row.getLong(8),
                row.getString(9),
                row.getLong(10),
                Job.seconds(row.getObject(11)),
                Job.seconds(row.getObject(12)),
                code == null ? Optional.empty() : Optional.of(new Job.Failure(code, row.getString(14))));
    }
}
