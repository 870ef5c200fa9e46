package io.github.lift4j.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.github.lift4j.absorb.AbsorbSpeed;
import io.github.lift4j.memory.Memory;
import io.github.lift4j.recipe.Recipe;
import io.github.lift4j.recipe.TaskSettings;
import io.github.lift4j.server.answer.Desk;
import io.github.lift4j.server.store.DataFolder;
import io.github.lift4j.server.work.Recipes;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How long a job is going to take, as the service says it. */
class EstimatesTest {

    private static final Recipe STUDY = with("study", new TaskSettings.Rules("cloze", 5));
    private static final Recipe FILED = with("filed", new TaskSettings.File("tasks.jsonl"));

    @TempDir
    private Path folder;

    private TinyService service;
    private Calls calls;
    private String file;

    private static Recipe with(String name, TaskSettings.Source source) {
        Recipe recipe = TinyLift.SHORT;
        return new Recipe(
                name,
                recipe.segments(),
                recipe.adapter(),
                recipe.training(),
                Optional.of(new TaskSettings(1, 1, List.of(source))),
                recipe.seed());
    }

    @BeforeEach
    void start() throws Exception {
        service = TinyService.start(
                folder,
                TinyLift.limits(1 << 20, 4),
                new Desk.Size(1, 8, 1),
                new Recipes(List.of(TinyLift.SHORT, TinyLift.LONG, STUDY, FILED), TinyLift.SHORT));
        calls = service.calls();
        file = calls.upload("gulls.txt", TinyLift.TEXT).text("/id");
    }

    @AfterEach
    void stop() {
        service.close();
    }

    private Calls.Answer estimate(String recipe) {
        return calls.post("/v1/lift/estimates", """
                {"model": "tiny", "training_file": "%s", "method": {"type": "lift", "lift": {"recipe": "%s"}}}""".formatted(file, recipe));
    }

    @Test
    void beforeAnyJobEndedItGoesByAMeasurementAndMakesNoJob() {
        Calls.Answer once = estimate("short");
        assertThat(once.status()).as(once.response().body()).isEqualTo(200);
        assertThat(once.text("/object")).isEqualTo("lift.estimate");
        assertThat(once.text("/training_file")).isEqualTo(file);
        assertThat(once.text("/basis")).isEqualTo("measurement");
        assertThat(once.json().get("jobs").intValue()).isZero();
        assertThat(once.json().get("seconds").doubleValue()).isPositive();
        assertThat(once.json().get("tokens").longValue()).isBetween(500L, 5_000L);
        assertThat(once.text("/tasks")).isEqualTo("none");
        // 120 epochs against one: the machine is measured once.
        assertThat(estimate("long").json().get("seconds").doubleValue())
                .isCloseTo(120 * once.json().get("seconds").doubleValue(), within(1e-6));
        assertThat(estimate("study").text("/tasks")).isEqualTo("counted");
        assertThat(estimate("filed").text("/tasks")).isEqualTo("left_out");
        assertThat(calls.get("/v1/fine_tuning/jobs").json().get("data")).isEmpty();
    }

    @Test
    void fromTheFirstEndedJobOnItGoesByWhatJobsTook() throws Exception {
        Memory memory = memory(calls.learned());
        double took = memory.manifest().seconds().training();
        Calls.Answer same = estimate("short");
        assertThat(same.text("/basis")).isEqualTo("finished_jobs");
        assertThat(same.json().get("jobs").intValue()).isEqualTo(1);
        assertThat(same.json().get("seconds").doubleValue()).isCloseTo(took, within(1e-9));
        assertThat(estimate("long").json().get("seconds").doubleValue())
                .isCloseTo(
                        AbsorbSpeed.seconds(
                                memory, TinyLift.LONG, memory.manifest().tokens()),
                        within(1e-6));
    }

    @Test
    void itPassesOverMemoriesThatAreGone() throws Exception {
        String forgotten = calls.learned();
        String lost = calls.learned();
        assertThat(estimate("short").json().get("jobs").intValue()).isEqualTo(2);
        assertThat(calls.delete("/v1/models/" + forgotten).status()).isEqualTo(200);
        Calls.Answer one = estimate("short");
        assertThat(one.json().get("jobs").intValue()).isEqualTo(1);
        assertThat(one.json().get("seconds").doubleValue())
                .isCloseTo(memory(lost).manifest().seconds().training(), within(1e-9));

        Path home = folder.resolve("data/memories").resolve(lost);
        Files.delete(home.resolve("document.txt"));
        assertThat(estimate("short").text("/basis"))
                .as("when a part is gone already")
                .isEqualTo("measurement");
        DataFolder.delete(home);
        Calls.Answer none = estimate("short");
        assertThat(none.text("/basis")).isEqualTo("measurement");
        assertThat(none.json().get("jobs").intValue()).isZero();
    }

    /** The name of a memory that was just made. */
    private Memory memory(String name) {
        return Memory.open(folder.resolve("data/memories").resolve(name));
    }

    @Test
    void whatNoJobCouldBeMadeOfIsRefusedLikeOne() {
        assertThat(estimate("quick").text("/error/param")).isEqualTo("method.lift.recipe");
        file = "file-made-up";
        assertThat(estimate("short").text("/error/param")).isEqualTo("training_file");
        file = calls.upload("empty.txt", " ").text("/id");
        assertThat(estimate("short").status()).isEqualTo(400);
    }
}
