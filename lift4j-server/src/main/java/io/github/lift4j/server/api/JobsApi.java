package io.github.lift4j.server.api;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.lift4j.memory.Memory;
import io.github.lift4j.server.http.ApiException;
import io.github.lift4j.server.http.Json;
import io.github.lift4j.server.http.Query;
import io.github.lift4j.server.http.RequestBody;
import io.github.lift4j.server.http.Route;
import io.github.lift4j.server.store.Job;
import io.github.lift4j.server.store.JobEvent;
import io.github.lift4j.server.store.JobQueue;
import io.github.lift4j.server.store.JobStatus;
import io.github.lift4j.server.store.Store;
import io.github.lift4j.server.store.Tenant;
import io.github.lift4j.server.work.JobWorker;
import io.github.lift4j.server.work.Recipes;
import io.javalin.http.Context;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** {@code /v1/fine_tuning/jobs}: documents on their way to become memories. */
public final class JobsApi {

    private static final String JOB = "/v1/fine_tuning/jobs/{job}";

    /** Seconds after which a caller may find room in the queue. */
    private static final int RETRY = 60;

    private final Caller caller;
    private final Store store;
    private final JobQueue jobs;
    private final JobWorker worker;
    private final JobWish wish;
    private final int mostQueued;

    /** @param mostQueued jobs that may wait or run */
    public JobsApi(Caller caller, Store store, JobWorker worker, BaseModel base, Recipes recipes, int mostQueued) {
        this.caller = caller;
        this.store = store;
        this.jobs = store.jobs();
        this.worker = worker;
        this.wish = new JobWish(base, recipes);
        this.mostQueued = mostQueued;
    }

    public List<Route> routes() {
        return List.of(
                Route.post("/v1/fine_tuning/jobs", this::create),
                Route.get("/v1/fine_tuning/jobs", this::list),
                Route.get(JOB, request -> send(request, found(request))),
                Route.get(JOB + "/events", this::events),
                Route.get(JOB + "/checkpoints", this::checkpoints),
                Route.post(JOB + "/cancel", this::cancel),
                Route.post(JOB + "/pause", this::pause),
                Route.post(JOB + "/resume", this::resume));
    }

    private void create(Context request) {
        Tenant tenant = caller.of(request);
        Job.Wish wanted = wish.read(RequestBody.of(request));
        JobWish.requireFile(store, tenant, wanted);
        Job job = jobs.add(tenant, wanted, mostQueued)
                .orElseThrow(() -> ApiException.busy(
                        "There are " + mostQueued + " unfinished jobs already: try again when one has ended.", RETRY));
        store.events().say(job.id(), "info", "The job was accepted.");
        worker.wake();
        send(request, job);
    }

    private void list(Context request) {
        Json.send(
                request,
                ListView.of(
                        jobs.list(caller.of(request), Query.after(request), Query.limit(request, 20, 100)),
                        this::view,
                        Job::id));
    }

    /** An event as the API gives it. */
    private record EventView(
            String id, String object, long createdAt, String level, String message, String type, JsonNode data) {

        static EventView of(JobEvent event) {
            return new EventView(
                    event.id(),
                    "fine_tuning.job.event",
                    event.createdAt(),
                    event.level(),
                    event.message(),
                    event.data().isPresent() ? "metrics" : "message",
                    Json.read(event.data().orElse("{}")));
        }
    }

    private void events(Context request) {
        Job job = found(request);
        Json.send(
                request,
                ListView.of(
                        store.events().list(job.id(), Query.after(request), Query.limit(request, 20, 1_000)),
                        EventView::of,
                        JobEvent::id));
    }

    /** A checkpoint as the API gives it. */
    private record CheckpointView(
            String id,
            String object,
            long createdAt,
            String fineTunedModelCheckpoint,
            String fineTuningJobId,
            int stepNumber,
            Metrics metrics) {

        record Metrics(int step, double trainLoss) {}

        static CheckpointView of(Job job, Memory memory) {
            int step = memory.manifest().losses().size();
            return new CheckpointView(
                    "ftckpt-" + job.id().substring("ftjob-".length()),
                    "fine_tuning.job.checkpoint",
                    job.finishedAt().orElse(job.createdAt()),
                    job.memory(),
                    job.id(),
                    step,
                    new Metrics(step, memory.manifest().losses().getLast()));
        }
    }

    /** The memory is the one checkpoint that can be asked; what a stopped job goes on from is no model. */
    private void checkpoints(Context request) {
        Job job = found(request);
        List<CheckpointView> whole = jobs.finished(job.tenant(), job.memory()).stream()
                .map(done -> CheckpointView.of(done, Memory.open(store.folder().memory(done.memory()))))
                .toList();
        Json.send(request, ListView.of(whole, CheckpointView::id));
    }

    private void cancel(Context request) {
        Job job = move(
                request,
                Set.of(JobStatus.QUEUED, JobStatus.RUNNING, JobStatus.PAUSED),
                JobStatus.CANCELLED,
                "The job was cancelled.");
        worker.stop(job);
        send(request, found(request));
    }

    private void pause(Context request) {
        Job job = move(request, Set.of(JobStatus.QUEUED, JobStatus.RUNNING), JobStatus.PAUSED, "The job was paused.");
        worker.stop(job);
        send(request, found(request));
    }

    private void resume(Context request) {
        move(request, Set.of(JobStatus.PAUSED), JobStatus.QUEUED, "The job goes on as soon as it is its turn.");
        worker.wake();
        send(request, found(request));
    }

    private Job move(Context request, Set<JobStatus> from, JobStatus to, String event) {
        RequestBody.ofOptional(request).end();
        Job job = found(request);
        if (!jobs.move(job, from, to)) {
            throw ApiException.conflict(
                    "invalid_job_state",
                    "The job " + job.id() + " is " + jobs.status(job).word() + " and cannot become " + to.word() + ".");
        }
        store.events().say(job.id(), "info", event);
        return job;
    }

    private void send(Context request, Job job) {
        Json.send(request, view(job));
    }

    private JobView view(Job job) {
        return JobView.of(job, job.status() == JobStatus.RUNNING ? worker.expectedEnd(job) : Optional.empty());
    }

    private Job found(Context request) {
        String id = request.pathParam("job");
        return jobs.find(caller.of(request), id)
                .orElseThrow(() -> ApiException.missing("job_not_found", "job_id", "There is no job '" + id + "'."));
    }
}
