package io.github.lift4j.remote;

import io.github.lift4j.engine.hub.HubSettings;
import io.github.lift4j.recipe.TaskSettings;
import io.github.lift4j.task.Author;
import io.github.lift4j.task.AuthorSource;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.random.RandomGenerator;

/**
 * Authors behind the endpoints that recipes name. Answers are kept by content in {@code answers} of lift4j's own folder
 * ({@code LIFT4J_HOME}, else {@code lift4j} among the caches), so what one run has paid for no other pays for again.
 */
public final class EndpointAuthors implements AuthorSource {

    private static final JsonSchema PAIRS = JsonSchema.read("pairs", "pairs.json");

    /** Nobody knows. */
    private static final Tariff FREE = new Tariff(0, 0, 0, Double.POSITIVE_INFINITY);

    private final Map<String, String> environment;
    private final Function<RandomGenerator, Patience> patience;

    /** Made by {@link java.util.ServiceLoader}. */
    public EndpointAuthors() {
        this(System.getenv(), Patience::real);
    }

    EndpointAuthors(Map<String, String> environment, Function<RandomGenerator, Patience> patience) {
        this.environment = Map.copyOf(environment);
        this.patience = patience;
    }

    @Override
    public Author open(TaskSettings.Endpoint settings, Form form, RandomGenerator random) {
        Path answers = HubSettings.fromEnvironment(environment).liftHome().resolve("answers");
        ChatSettings chat = new ChatSettings(
                settings.model(),
                settings.atOnce(),
                Optional.of(answers),
                form == Form.PAIRS ? Optional.of(PAIRS) : Optional.empty(),
                true);
        Tariff tariff = settings.tariff()
                .map(asked -> new Tariff(asked.input(), asked.output(), 0, asked.tokensPerSecond()))
                .orElse(FREE);
        Connection connection = new Connection(endpoint(settings.url()), patience.apply(random));
        return new EndpointAuthor(new ChatAuthor(connection, chat), tariff, settings.atOnce());
    }

    /** The recipe's address with the environment's key. */
    private Endpoint endpoint(String url) {
        Map<String, String> named = new HashMap<>(environment);
        named.put("OPENAI_BASE_URL", url);
        return Endpoint.from(named);
    }
}
