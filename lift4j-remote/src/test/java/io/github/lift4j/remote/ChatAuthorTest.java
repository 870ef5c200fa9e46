package io.github.lift4j.remote;

import static io.github.lift4j.remote.FakeProvider.completion;
import static io.github.lift4j.remote.FakeProvider.said;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.lift4j.engine.LiftException;
import io.github.lift4j.engine.tokenizer.Message;
import io.github.lift4j.remote.FakeProvider.Response;
import io.github.lift4j.task.Author.Prompt;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class ChatAuthorTest {

    private static final String CHAT = "POST /v1/chat/completions";
    private static final JsonSchema SCHEMA =
            new JsonSchema("pairs", "{\"type\":\"object\",\"properties\":{\"q\":{\"type\":\"string\"}}}");

    private final FakeProvider provider = new FakeProvider();

    @TempDir
    Path folder;

    @AfterEach
    void stop() {
        provider.close();
    }

    @Test
    void sendsThePromptAndReturnsTheAnswer() {
        provider.next(CHAT, said("A lighthouse."));
        try (ChatAuthor author = author(plain())) {
            Prompt prompt = new Prompt(
                    List.of(Message.system("Be brief."), Message.user("What?"), Message.assistant("Hm.")), 0.7, 50, 9);

            assertThat(author.write(List.of(prompt))).containsExactly("A lighthouse.");
        }
        var request = provider.requests.getFirst();
        assertThat(request.headers().get("authorization")).isEqualTo("Bearer sk-secret");
        assertThat(request.json().path("model").asText()).isEqualTo("mini");
        assertThat(request.json().path("temperature").asDouble()).isEqualTo(0.7);
        assertThat(request.json().path("max_tokens").asInt()).isEqualTo(50);
        assertThat(request.json().path("seed").asInt()).isEqualTo(9);
        assertThat(request.json().path("messages").findValuesAsText("role"))
                .containsExactly("system", "user", "assistant");
        assertThat(request.json().path("messages").findValuesAsText("content"))
                .containsExactly("Be brief.", "What?", "Hm.");
        assertThat(request.json().has("response_format")).isFalse();
    }

    @Test
    void saysWhichVersionAnsweredAlsoWhereTheAnswerWasKept() {
        provider.next(CHAT, said("A lighthouse."));
        ChatSettings kept = ChatSettings.of("mini", folder);
        try (ChatAuthor author = author(kept)) {
            assertThat(author.versions()).isEmpty();
            author.write(List.of(prompt("What?")));
            assertThat(author.versions()).containsExactly("m");
        }
        try (ChatAuthor author = author(kept)) {
            author.write(List.of(prompt("What?")));
            assertThat(author.versions()).containsExactly("m");
        }
        assertThat(provider.requests).hasSize(1);
    }

    @Test
    void answersInTheOrderOfThePromptsAndNeverMoreAtOnceThanAllowed() {
        AtomicInteger underWay = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        provider.always(
                CHAT,
                request -> said("to " + request.json().at("/messages/0/content").asText())
                        .after(Duration.ofMillis(100)));
        provider.whileAnswering(
                () -> most.accumulateAndGet(underWay.incrementAndGet(), Math::max), underWay::decrementAndGet);
        List<Prompt> prompts =
                IntStream.range(0, 12).mapToObj(i -> prompt("question " + i)).toList();
        try (ChatAuthor author = author(plain().withConcurrency(3))) {
            assertThat(author.write(prompts))
                    .isEqualTo(IntStream.range(0, 12)
                            .mapToObj(i -> "to question " + i)
                            .toList());
        }
        assertThat(most.get()).isEqualTo(3);
    }

    @Test
    void asksNothingThatWasAnsweredBefore() {
        provider.next(CHAT, said("once"), said("for another seed"), said("by another model"));
        Prompt prompt = prompt("Who?");
        Prompt otherSeed = new Prompt(prompt.messages(), 0, 20, 1);
        try (ChatAuthor author = author(plain())) {
            assertThat(author.write(List.of(prompt, prompt))).containsExactly("once", "once");
        }
        try (ChatAuthor later = author(plain())) {
            assertThat(later.write(List.of(prompt))).containsExactly("once");
            assertThat(provider.requests).hasSize(1);
            assertThat(later.write(List.of(otherSeed))).containsExactly("for another seed");
        }
        try (ChatAuthor other = author(ChatSettings.of("other", folder))) {
            assertThat(other.write(List.of(prompt))).containsExactly("by another model");
        }
    }

    @Test
    void keepsNoKeyAndLeavesNoHalfWrittenFile() throws IOException {
        provider.next(CHAT, said("once"));
        try (ChatAuthor author = author(plain())) {
            author.write(List.of(prompt("Who?")));
        }
        try (var files = Files.list(folder)) {
            List<Path> kept = files.toList();
            assertThat(kept).hasSize(1);
            assertThat(kept.getFirst().getFileName().toString()).matches("[0-9a-f]{64}\\.json");
            assertThat(kept.getFirst()).content().contains("once", "Who?").doesNotContain("sk-secret");
        }
    }

    @Test
    void refusesADamagedKeptAnswerByName() throws IOException {
        provider.next(CHAT, said("once"));
        try (ChatAuthor author = author(plain())) {
            author.write(List.of(prompt("Who?")));
            try (var files = Files.list(folder)) {
                Files.writeString(files.toList().getFirst(), "{\"answer\":");
            }
            assertThatThrownBy(() -> author.write(List.of(prompt("Who?"))))
                    .isInstanceOf(LiftException.class)
                    .hasMessageContaining("is damaged: delete the file");
        }
    }

    @Test
    void waitsAsLongAsRetryAfterSays() {
        provider.next(
                CHAT,
                Response.error(429, "slow down").with("Retry-After", "17"),
                Response.error(503, "busy").with("Retry-After", "Thu, 01 Jan 2026 00:00:42 GMT"),
                said("at last"));
        try (ChatAuthor author = author(plain())) {
            assertThat(author.write(List.of(prompt("Who?")))).containsExactly("at last");
        }
        assertThat(provider.pauses).containsExactly(Duration.ofSeconds(17), Duration.ofSeconds(42));
    }

    @Test
    void waitsTwiceAsLongEachTimeWithJitter() {
        provider.next(CHAT, Response.error(500, "a"), Response.error(502, "b"), Response.error(503, "c"), said("ok"));
        try (ChatAuthor author = author(plain())) {
            assertThat(author.write(List.of(prompt("Who?")))).containsExactly("ok");
        }
        assertThat(provider.pauses).hasSize(3);
        for (int i = 0; i < 3; i++) {
            long whole = 1000L << i;
            assertThat(provider.pauses.get(i).toMillis()).isBetween(whole / 2, whole - 1);
        }
    }

    @Test
    void givesUpAfterItsTriesWithTheProvidersWords() {
        provider.always(CHAT, request -> Response.error(500, "the engine is down"));
        try (ChatAuthor author =
                new ChatAuthor(new Connection(provider.endpoint().withTries(3), provider.patience()), plain())) {
            assertThatThrownBy(() -> author.write(List.of(prompt("Who?"))))
                    .isInstanceOf(LiftException.class)
                    .hasMessageContaining("failed while asking mini, 3 times (500: the engine is down)");
        }
        assertThat(provider.requests).hasSize(3);
    }

    @Test
    void doesNotTryAgainWithAKeyThatIsNotAccepted() {
        provider.always(CHAT, request -> Response.error(401, "Incorrect API key"));
        try (ChatAuthor author = author(plain())) {
            assertThatThrownBy(() -> author.write(List.of(prompt("Who?"))))
                    .isInstanceOf(LiftException.class)
                    .hasMessageContaining("does not accept the API key")
                    .hasMessageContaining("401: Incorrect API key")
                    .hasMessageNotContaining("sk-secret");
        }
        assertThat(provider.requests).hasSize(1);
    }

    @Test
    void doesNotWaitForAnEmptyAccountToFill() {
        provider.always(
                CHAT,
                request -> Response.json(
                        429, "{\"error\":{\"message\":\"no money\",\"code\":\"insufficient_quota\",\"type\":\"t\"}}"));
        try (ChatAuthor author = author(plain())) {
            assertThatThrownBy(() -> author.write(List.of(prompt("Who?"))))
                    .isInstanceOf(LiftException.class)
                    .hasMessageContaining("is used up")
                    .hasMessageContaining("no money");
        }
        assertThat(provider.requests).hasSize(1);
    }

    @Test
    void doesNotWaitLongerThanAPersonWould() {
        provider.always(CHAT, request -> Response.error(429, "tomorrow").with("Retry-After", "86400"));
        try (ChatAuthor author = author(plain())) {
            assertThatThrownBy(() -> author.write(List.of(prompt("Who?"))))
                    .isInstanceOf(LiftException.class)
                    .hasMessageContaining("still too busy");
        }
        assertThat(provider.pauses).isEmpty();
    }

    @Test
    void triesAgainAfterATimeOutAndSaysHowLongItWaited() {
        provider.next(CHAT, said("late").after(Duration.ofSeconds(20)), said("in time"));
        Endpoint hasty = provider.endpoint().withTimeout(Duration.ofSeconds(1)).withTries(2);
        try (ChatAuthor author = new ChatAuthor(new Connection(hasty, provider.patience()), plain())) {
            assertThat(author.write(List.of(prompt("Who?")))).containsExactly("in time");
            provider.always(CHAT, request -> said("late").after(Duration.ofSeconds(20)));
            assertThatThrownBy(() -> author.write(List.of(prompt("Who else?"))))
                    .isInstanceOf(LiftException.class)
                    .hasMessageContaining("did not answer within 1 s while asking mini, 2 times");
        }
    }

    @Test
    void saysThatThereIsNoServer() {
        Endpoint gone = provider.endpoint().withTries(2);
        provider.close();
        try (ChatAuthor author = new ChatAuthor(new Connection(gone, provider.patience()), plain())) {
            assertThatThrownBy(() -> author.write(List.of(prompt("Who?"))))
                    .isInstanceOf(LiftException.class)
                    .hasMessageContaining("There is no server at " + gone)
                    .hasMessageContaining("2 times");
        }
        assertThat(provider.pauses).hasSize(1);
    }

    @Test
    void refusesAWebPageAndATextThatIsNotJson() {
        provider.next(CHAT, Response.html(200), Response.json(200, "nonsense"), Response.json(200, "{}"));
        try (ChatAuthor author =
                new ChatAuthor(new Connection(provider.endpoint().withTries(3), provider.patience()), plain())) {
            assertThatThrownBy(() -> author.write(List.of(prompt("Who?"))))
                    .isInstanceOf(LiftException.class)
                    .hasMessageContaining("is not the API's JSON while asking mini, 3 times");
        }
        assertThat(provider.requests).hasSize(3);
    }

    @Test
    void asksAgainAfterAWebPageOfABusyProxy() {
        provider.next(CHAT, Response.html(502), Response.html(200), Response.json(200, ""), said("yes"));
        try (ChatAuthor author = author(plain())) {
            assertThat(author.write(List.of(prompt("Who?")))).containsExactly("yes");
        }
    }

    @Test
    void asksAgainAfterAnEmptyAnswerAndThenSaysSo() throws IOException {
        provider.always(CHAT, request -> said("  "));
        try (ChatAuthor author =
                new ChatAuthor(new Connection(provider.endpoint().withTries(2), provider.patience()), plain())) {
            assertThatThrownBy(() -> author.write(List.of(prompt("Who?"))))
                    .isInstanceOf(LiftException.class)
                    .hasMessageContaining("answered with an empty text while asking mini, 2 times");
        }
        try (var kept = Files.list(folder)) {
            assertThat(kept).isEmpty();
        }
    }

    @Test
    void saysThatAnAnswerWasCutOffBeforeItBegan() {
        provider.always(CHAT, request -> completion("\"\"", "length"));
        try (ChatAuthor author = author(plain())) {
            assertThatThrownBy(() -> author.write(List.of(prompt("Who?"))))
                    .isInstanceOf(LiftException.class)
                    .hasMessageContaining("cut off after 20 tokens");
        }
        assertThat(provider.requests).hasSize(1);
    }

    @Test
    void holdsTheAnswerToASchema() {
        provider.next(CHAT, said("Sure! Here it is"), said("{\"q\":\"Who?\"}"));
        try (ChatAuthor author = author(plain().withSchema(SCHEMA))) {
            assertThat(author.write(List.of(prompt("Ask.")))).containsExactly("{\"q\":\"Who?\"}");
        }
        var format = provider.requests.getFirst().json().path("response_format");
        assertThat(format.path("type").asText()).isEqualTo("json_schema");
        assertThat(format.path("json_schema").path("name").asText()).isEqualTo("pairs");
        assertThat(format.at("/json_schema/schema/properties/q/type").asText()).isEqualTo("string");
    }

    @Test
    void asksPlainlyWhereTheEndpointRefusesSchemas() {
        provider.next(
                CHAT,
                Response.error(400, "'response_format' of type 'json_schema' is not supported with this model"),
                said("{} and more"),
                said("again"));
        try (ChatAuthor author = author(plain().withSchema(SCHEMA))) {
            assertThat(author.write(List.of(prompt("Ask.")))).containsExactly("{} and more");
            assertThat(author.write(List.of(prompt("Ask more.")))).containsExactly("again");
        }
        assertThat(provider.requests).hasSize(3);
        assertThat(provider.requests.get(0).json().has("response_format")).isTrue();
        assertThat(provider.requests.get(1).json().has("response_format")).isFalse();
        assertThat(provider.requests.get(2).json().has("response_format")).isFalse();
    }

    @Test
    void doesNotDropASchemaThatIsWrong() {
        provider.always(CHAT, request -> Response.error(400, "Invalid schema for response_format 'pairs': no type"));
        try (ChatAuthor author = author(plain().withSchema(SCHEMA))) {
            assertThatThrownBy(() -> author.write(List.of(prompt("Ask."))))
                    .isInstanceOf(LiftException.class)
                    .hasMessageContaining("Invalid schema for response_format");
        }
        assertThat(provider.requests).hasSize(1);
    }

    @Test
    void callsTheLimitByItsNewNameWhereTheModelInsists() {
        provider.next(
                CHAT,
                Response.error(400, "Unsupported parameter: 'max_tokens'. Use 'max_completion_tokens' instead."),
                said("yes"));
        try (ChatAuthor author = author(plain())) {
            assertThat(author.write(List.of(prompt("Ask.")))).containsExactly("yes");
        }
        var request = provider.requests.get(1).json();
        assertThat(request.path("max_completion_tokens").asInt()).isEqualTo(20);
        assertThat(request.has("max_tokens")).isFalse();
    }

    @Test
    void passesOnARefusalOfSomethingElse() {
        provider.always(CHAT, request -> Response.error(400, "This model's maximum context length is 4096 tokens"));
        try (ChatAuthor author = author(plain().withSchema(SCHEMA))) {
            assertThatThrownBy(() -> author.write(List.of(prompt("Ask."))))
                    .isInstanceOf(LiftException.class)
                    .hasMessageContaining("refused the request while asking mini (400: This model's maximum");
        }
        assertThat(provider.requests).hasSize(1);
    }

    @Test
    void keepsWhatWasAnsweredBeforeAFailure() {
        provider.next(CHAT, said("first"), Response.error(400, "bad"), said("second"), said("third"));
        List<Prompt> prompts = List.of(prompt("1"), prompt("2"), prompt("3"));
        try (ChatAuthor author = author(plain().withConcurrency(1))) {
            assertThatThrownBy(() -> author.write(prompts)).isInstanceOf(LiftException.class);
            assertThat(provider.requests).hasSize(2);
            assertThat(author.write(prompts)).containsExactly("first", "second", "third");
        }
        assertThat(provider.requests).hasSize(4);
    }

    @Test
    void stopsWithinMomentsOfAnInterruption() throws InterruptedException {
        provider.always(CHAT, request -> said("late").after(Duration.ofSeconds(50)));
        AtomicReference<Throwable> thrown = new AtomicReference<>();
        AtomicReference<Boolean> flag = new AtomicReference<>();
        try (ChatAuthor author = author(plain())) {
            Thread thread = Thread.ofPlatform().start(() -> {
                try {
                    author.write(List.of(prompt("Who?")));
                } catch (LiftException e) {
                    thrown.set(e);
                    flag.set(Thread.currentThread().isInterrupted());
                }
            });
            while (provider.requests.isEmpty()) {
                Thread.sleep(10);
            }
            thread.interrupt();
            thread.join(Duration.ofSeconds(10));
            assertThat(thread.isAlive()).isFalse();
        }
        assertThat(thrown.get()).hasMessageContaining("was interrupted");
        assertThat(flag.get()).isTrue();
    }

    @Test
    void estimatesOnlyWhatIsStillToBeAsked() {
        provider.next(CHAT, said("once"));
        Tariff tariff = new Tariff(1_000_000, 2_000_000, 0, 10);
        Prompt known = prompt("known");
        Prompt fresh = prompt("12345678");
        try (ChatAuthor author = author(plain())) {
            author.write(List.of(known));
            CostEstimate estimate = author.estimate(List.of(known, fresh, fresh), TokenCounter.ENGLISH, tariff);

            assertThat(estimate).isEqualTo(new CostEstimate(6, 20, 0, 6 + 2 * 20, 2));
            assertThat(provider.requests).hasSize(1);
        }
    }

    private ChatSettings plain() {
        return new ChatSettings("mini", 4, Optional.of(folder), Optional.empty());
    }

    private ChatAuthor author(ChatSettings settings) {
        return new ChatAuthor(provider.connection(), settings);
    }

    private static Prompt prompt(String text) {
        return new Prompt(List.of(Message.user(text)), 0, 20, 0);
    }
}
