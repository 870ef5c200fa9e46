package io.github.lift4j.remote;

import static io.github.lift4j.remote.FakeProvider.completion;
import static io.github.lift4j.remote.FakeProvider.quoted;
import static io.github.lift4j.remote.FakeProvider.said;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.lift4j.engine.LiftException;
import io.github.lift4j.engine.model.LanguageModel;
import io.github.lift4j.engine.runtime.ComputeDevice;
import io.github.lift4j.engine.runtime.ComputeType;
import io.github.lift4j.recipe.TaskSettings;
import io.github.lift4j.remote.FakeProvider.Request;
import io.github.lift4j.remote.FakeProvider.Response;
import io.github.lift4j.task.Author;
import io.github.lift4j.task.AuthorSource;
import io.github.lift4j.task.Effort;
import io.github.lift4j.task.Questions;
import io.github.lift4j.task.Task;
import io.github.lift4j.task.TaskJournal;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.ServiceLoader;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Questions of a recipe, written behind an endpoint. */
@Timeout(60)
class EndpointAuthorsTest {

    private static final String CHAT = "POST /v1/chat/completions";
    private static final String TEXT = IntStream.range(0, 20)
            .mapToObj(i -> "On day " + (100 + i) + " the crew of the Petrel counted " + (i * 37 % 101) + " gulls.")
            .collect(Collectors.joining(" "));
    private static final Pattern FACT = Pattern.compile("answer: On day (\\d+) .* counted (\\d+) gulls");
    private static final List<Integer> ORDER = List.of(0, 1, 2);

    private static LanguageModel model;

    private final FakeProvider provider = new FakeProvider();

    @TempDir
    private Path folder;

    @BeforeAll
    static void load() {
        model = LanguageModel.load(
                "tiny",
                Path.of("../lift4j-core/src/test/resources/tiny"),
                ComputeDevice.parse("cpu"),
                ComputeType.FLOAT32);
    }

    @AfterAll
    static void unload() {
        model.close();
    }

    @AfterEach
    void stop() {
        provider.close();
    }

    @Test
    void aRecipeFindsThem() {
        assertThat(ServiceLoader.load(AuthorSource.class)).hasOnlyElementsOfType(EndpointAuthors.class);
    }

    @Test
    void pairsAreAskedForByTheirSchemaAndNothingIsPaidForTwice() {
        provider.always(CHAT, request -> said(json(request)));
        List<Task> first = made("first", settings(false));
        assertThat(first).hasSize(20);
        assertThat(first.getFirst().question()).isEqualTo("How many gulls were there on day 100?");
        assertThat(provider.requests).hasSize(20);
        Request request = provider.requests.getFirst();
        assertThat(request.json()
                        .at("/response_format/json_schema/schema/required/0")
                        .asText())
                .isEqualTo("pairs");
        assertThat(request.json().path("max_tokens").asInt()).isEqualTo(64);
        assertThat(request.headers().get("authorization")).isEqualTo("Bearer sk-mine");

        assertThat(made("second", settings(false))).isEqualTo(first);
        assertThat(provider.requests).hasSize(20);
    }

    @Test
    void anEndpointWithoutSchemasIsUnderstoodToo() {
        provider.always(
                CHAT,
                request -> request.json().has("response_format")
                        ? Response.error(400, "response_format is not supported")
                        : said(lines(request)));
        assertThat(made("tasks", settings(false))).hasSize(20);
    }

    @Test
    void anAnswerThatIsNonsenseGivesNoTasksAndTheRunGoesOn() {
        provider.always(CHAT, request -> switch (day(request)) {
            case 101 -> said("I am a teapot.");
            case 102 -> said("");
            case 103 -> completion("null", "content_filter");
            case 104 -> completion(quoted(json(request).substring(0, 60)), "length");
            case 105 -> completion(quoted(json(request).replace("]}", ", {\"question\": \"And")), "length");
            default -> said(json(request));
        });
        List<Task> tasks = made("tasks", settings(false));
        assertThat(tasks).hasSize(16);
        assertThat(tasks.get(1).question()).contains("105");
        assertThat(provider.requests).hasSize(20);
    }

    @Test
    void aModelThatNeverComesToItsAnswerIsToldOf() {
        provider.always(CHAT, request -> completion("null", "length"));
        assertThatThrownBy(() -> made("tasks", settings(false)))
                .isInstanceOf(LiftException.class)
                .hasMessageContaining("was cut off after 64 tokens");
    }

    @Test
    void anEndpointThatGoesDownStopsTheRunAndWhatItAnsweredIsKept() {
        provider.always(CHAT, request -> day(request) == 110 ? Response.error(503, "down") : said(json(request)));
        assertThatThrownBy(() -> made("tasks", settings(false)))
                .isInstanceOf(LiftException.class)
                .hasMessageContaining("failed while asking mini, 6 times (503: down)");
        int before = provider.requests.size();
        provider.always(CHAT, request -> said(json(request)));
        assertThat(made("tasks", settings(false))).hasSize(20);
        List<Integer> all =
                provider.requests.stream().map(EndpointAuthorsTest::day).toList();
        assertThat(all.subList(before, all.size()))
                .doesNotContain(100, 107, 108)
                .contains(110, 119);
        assertThat(all.stream().filter(day -> day != 110)).doesNotHaveDuplicates();
    }

    @Test
    void theSecondLookIsAskedForInPlainWords() {
        provider.always(CHAT, request -> {
            boolean look = !request.json().has("response_format");
            return said(look ? (content(request).contains("day 105?") ? "No." : "Yes.") : json(request));
        });
        assertThat(made("tasks", settings(true))).hasSize(19);
        assertThat(provider.requests).hasSize(40);
    }

    @Test
    void theEffortIsWhatIsStillToBePaidFor() {
        provider.always(CHAT, request -> said(json(request)));
        try (Questions questions = questions(settings(false))) {
            Effort all = questions.effort(ORDER);
            assertThat(all.requests()).isEqualTo(20);
            assertThat(all.outputTokens()).isEqualTo(20 * 64);
            assertThat(all.inputTokens()).isBetween(20 * 120L, 20 * 240L);
            assertThat(all.price()).isCloseTo((all.inputTokens() + 2.0 * all.outputTokens()) / 1e6, within(1e-9));
            assertThat(all.seconds()).isPositive();
            questions.make(List.of(0));
            assertThat(questions.effort(ORDER).requests()).isEqualTo(12);
        }
    }

    @Test
    void anAddressThatIsNoneIsNamed() {
        TaskSettings.Endpoint nowhere = new TaskSettings.Endpoint("localhost", "m", 1, Optional.empty());
        assertThatThrownBy(() -> authors().open(nowhere, AuthorSource.Form.TEXT, new Random(1)))
                .isInstanceOf(LiftException.class)
                .hasMessageContaining("\"localhost\" is no endpoint's address");
    }

    private List<Task> made(String journal, TaskSettings.Questions settings) {
        try (TaskJournal tasks = TaskJournal.open(folder.resolve(journal), questions(settings), ORDER, 1)) {
            ORDER.forEach(tasks::tasks);
            return tasks.all();
        }
    }

    private Questions questions(TaskSettings.Questions settings) {
        TaskSettings.Endpoint endpoint = (TaskSettings.Endpoint) settings.author();
        Function<AuthorSource.Form, Author> open = form -> authors().open(endpoint, form, new Random(1));
        return new Questions(
                model,
                "The voyage of the Petrel",
                TEXT,
                settings,
                open.apply(AuthorSource.Form.PAIRS),
                open.apply(AuthorSource.Form.TEXT),
                1);
    }

    private EndpointAuthors authors() {
        return new EndpointAuthors(
                Map.of("LIFT4J_HOME", folder.toString(), "HOME", folder.toString(), "OPENAI_API_KEY", "sk-mine"),
                random -> provider.patience());
    }

    private TaskSettings.Questions settings(boolean selfCheck) {
        TaskSettings.Endpoint endpoint = new TaskSettings.Endpoint(
                provider.endpoint().baseUrl(), "mini", 4, Optional.of(new TaskSettings.Tariff(1, 2, 100)));
        return new TaskSettings.Questions(endpoint, new TaskSettings.Sentence(60), 1, 0.7, 24, selfCheck);
    }

    private static String json(Request request) {
        Matcher fact = fact(request);
        return "{\"pairs\": [{\"question\": \"How many gulls were there on day %s?\", \"answer\": \"%s gulls\"}]}"
                .formatted(fact.group(1), fact.group(2));
    }

    private static String lines(Request request) {
        Matcher fact = fact(request);
        return "1. **Q:** How many gulls were there on day %s?\n**A:** %s gulls"
                .formatted(fact.group(1), fact.group(2));
    }

    private static int day(Request request) {
        return Integer.parseInt(fact(request).group(1));
    }

    private static Matcher fact(Request request) {
        Matcher fact = FACT.matcher(content(request));
        assertThat(fact.find()).isTrue();
        return fact;
    }

    private static String content(Request request) {
        JsonNode talk = request.json().path("messages");
        return talk.path(talk.size() - 1).path("content").asText();
    }
}
