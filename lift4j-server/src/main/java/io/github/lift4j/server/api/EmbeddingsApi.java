package io.github.lift4j.server.api;

import io.github.lift4j.engine.LiftException;
import io.github.lift4j.evidence.TextEmbedder;
import io.github.lift4j.server.answer.Embeddings;
import io.github.lift4j.server.http.ApiException;
import io.github.lift4j.server.http.Json;
import io.github.lift4j.server.http.RequestBody;
import io.github.lift4j.server.http.Route;
import io.github.lift4j.server.store.Scope;
import io.javalin.http.Context;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.stream.IntStream;

/** {@code /v1/embeddings}: what texts mean, as vectors. */
public final class EmbeddingsApi {

    private static final int MOST_TEXTS = 2_048;

    /** Seconds after which a caller may find room among those that wait. */
    private static final int RETRY = 5;

    private final Optional<Embeddings> embeddings;

    /** @param embeddings empty where there is no model for it */
    public EmbeddingsApi(Optional<Embeddings> embeddings) {
        this.embeddings = embeddings;
    }

    public List<Route> routes() {
        return List.of(Route.post("/v1/embeddings", this::embed).needing(Scope.READ));
    }

    /** @param embedding a list of numbers, or a text of their bytes */
    private record View(String object, int index, Object embedding) {}

    private record Usage(int promptTokens, int totalTokens) {}

    private record Answer(String object, List<View> data, String model, Usage usage) {}

    private void embed(Context request) throws InterruptedException {
        RequestBody body = RequestBody.of(request);
        Embeddings model = model(body.text("model"));
        List<String> texts = body.texts("input", MOST_TEXTS);
        if (texts.isEmpty()) {
            throw ApiException.invalid("input", "'input' must be a text, or a list of 1 to " + MOST_TEXTS + " texts.");
        }
        boolean encoded = encoded(body);
        body.only("dimensions", model.dimensions());
        body.optionalText("user");
        body.end();
        List<TextEmbedder.Embedding> done = done(model.submit(texts)
                .orElseThrow(() -> ApiException.busy("Too many texts wait already: try again soon.", RETRY)));
        int tokens = done.stream().mapToInt(TextEmbedder.Embedding::tokens).sum();
        List<View> views = IntStream.range(0, done.size())
                .mapToObj(i -> view(i, done.get(i).vector(), encoded))
                .toList();
        Json.send(request, new Answer("list", views, model.name(), new Usage(tokens, tokens)));
    }

    private Embeddings model(String name) {
        if (embeddings.isEmpty()) {
            throw missing(
                    "There is no model here that embeds texts: add lift4j-retrieval to the class path of the service.");
        }
        return embeddings
                .filter(model -> model.name().equals(name))
                .orElseThrow(() ->
                        missing("Texts are embedded by " + embeddings.get().name() + " here, not by '" + name + "'."));
    }

    private static ApiException missing(String message) {
        return ApiException.missing("model_not_found", "model", message);
    }

    private static boolean encoded(RequestBody body) {
        String format = body.optionalText("encoding_format").orElse("float");
        return switch (format) {
            case "float" -> false;
            case "base64" -> true;
            default -> throw ApiException.invalid("encoding_format", "'encoding_format' must be float or base64.");
        };
    }

    private static List<TextEmbedder.Embedding> done(Future<List<TextEmbedder.Embedding>> embedding)
            throws InterruptedException {
        try {
            return embedding.get();
        } catch (CancellationException stopping) {
            throw ApiException.stopping();
        } catch (ExecutionException e) {
            throw switch (e.getCause()) {
                case LiftException refused -> ApiException.invalid("input", String.valueOf(refused.getMessage()));
                case Embeddings.Unavailable none -> missing(String.valueOf(none.getMessage()));
                case null, default -> new IllegalStateException("texts could not be embedded", e);
            };
        }
    }

    private static View view(int index, float[] vector, boolean encoded) {
        return new View("embedding", index, encoded ? base64(vector) : vector);
    }

    /** Four bytes a number, the lowest first, as OpenAI's clients read them. */
    private static String base64(float[] vector) {
        ByteBuffer bytes = ByteBuffer.allocate(vector.length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        bytes.asFloatBuffer().put(vector);
        return Base64.getEncoder().encodeToString(bytes.array());
    }
}
