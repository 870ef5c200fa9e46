package io.github.lift4j.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.lift4j.server.answer.Desk;
import io.github.lift4j.server.work.Recipes;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Many ask many memories at once, and each hears what that memory says alone. */
class ManyMemoriesTest {

    /** More than are loaded at once. */
    private static final int MEMORIES = 11;

    @TempDir
    private static Path folder;

    private static TinyService service;
    private static Calls calls;
    private static final List<String> MODELS = new ArrayList<>();

    @BeforeAll
    static void start() throws Exception {
        Recipes recipes = new Recipes(List.of(TinyLift.SHORT, TinyLift.WHOLE), TinyLift.SHORT);
        service = TinyService.start(folder, TinyLift.limits(20_000, 2), new Desk.Size(24, 48, 2), recipes);
        calls = service.calls();
        for (int i = 0; i < MEMORIES; i++) {
            MODELS.add(calls.learned(TinyLift.TEXT.replace("gulls", "birds" + i), "short") + ":lift");
        }
        MODELS.add(calls.learned(TinyLift.TEXT, "whole") + ":lift");
        MODELS.add(MODELS.getFirst().replace(":lift", ":lift+icl"));
        MODELS.add(MODELS.getFirst().replace(":lift", ":base"));
        MODELS.add("tiny");
    }

    @AfterAll
    static void stop() {
        service.close();
    }

    @Test
    void eachMemorySaysWhatItSaysAlone() throws Exception {
        List<String> bodies = new ArrayList<>();
        for (int i = 0; i < 3 * MODELS.size(); i++) {
            bodies.add(body(MODELS.get(i % MODELS.size()), "How many on day " + i + "?", 4 + i * 7 % 30, i));
        }
        calls.assertAsAlone(bodies);
    }

    @Test
    void memoriesDoNotSayTheSame() {
        assertThat(MODELS.stream()
                        .map(model -> calls.post("/v1/chat/completions", body(model, "How many on day 7?", 30, 1))
                                .text("/choices/0/message/content"))
                        .distinct())
                .hasSizeGreaterThan(MEMORIES / 2);
    }

    @Test
    void oneThatCannotBeLoadedHarmsNobody() throws Exception {
        String damaged = calls.learned(TinyLift.TEXT.replace("gulls", "terns"), "short");
        Path weights = folder.resolve("data/memories").resolve(damaged).resolve("adapter_model.safetensors");
        byte[] whole = Files.readAllBytes(weights);
        Files.write(weights, Arrays.copyOf(whole, 100));
        String fine = body(MODELS.get(1), "Birds?", 40, 0);
        String bad = body(damaged + ":lift", "Terns?", 8, 0);
        String alone = calls.post("/v1/chat/completions", fine).text("/choices/0/message/content");
        List<Calls.Answer> answers = calls.together(List.of(fine, bad, fine, bad, fine));
        assertThat(answers).extracting(Calls.Answer::status).containsExactly(200, 400, 200, 400, 200);
        assertThat(List.of(0, 2, 4))
                .allMatch(i -> answers.get(i).text("/choices/0/message/content").equals(alone));
        Files.write(weights, whole);
        assertThat(calls.post("/v1/chat/completions", bad).status())
                .as("once it is mended")
                .isEqualTo(200);
    }

    /** Every second one draws. */
    private static String body(String model, String question, int most, int seed) {
        return """
                {"model": "%s", "max_tokens": %d, "temperature": %d, "seed": %d,
                 "messages": [{"role": "user", "content": "%s"}]}""".formatted(model, most, seed % 2, seed, question);
    }
}
