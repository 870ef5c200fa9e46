package io.github.lift4j.retrieval;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import io.github.lift4j.engine.LiftException;
import io.github.lift4j.engine.tokenizer.Tokenizer;
import io.github.lift4j.evidence.TextEmbedder;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * The sentence model E5-small-v2 and its tokenizer, from the files in langchain4j's artifact. Owns native memory;
 * {@link #close()} frees it, and nothing may be under way then. Until then several threads may use it at once.
 */
final class SentenceModel implements AutoCloseable {

    static final String NAME = "e5-small-v2";

    /** Numbers in a vector. */
    static final int WIDTH = 384;

    private static final String MODEL = "/e5-small-v2-q.onnx";
    private static final String TOKENIZER = "/e5-small-v2-q-tokenizer.json";

    /** Tokens the model reads at once, those put around the text included. */
    private static final int WINDOW = 512;

    private final OrtEnvironment environment;
    private final OrtSession session;
    private final Tokenizer tokenizer;
    private final int begin;
    private final int end;
    private final int[] questionFollows;
    private final int[] evidenceFollows;

    private SentenceModel(OrtEnvironment environment, OrtSession session, Tokenizer tokenizer) {
        this.environment = environment;
        this.session = session;
        this.tokenizer = tokenizer;
        this.begin = tokenizer.id("[CLS]").orElseThrow();
        this.end = tokenizer.id("[SEP]").orElseThrow();
        // The model was trained with these words, and finds less without them.
        this.questionFollows = tokenizer.encode("query: ");
        this.evidenceFollows = tokenizer.encode("passage: ");
    }

    static SentenceModel open() {
        Tokenizer tokenizer = openTokenizer();
        try {
            OrtEnvironment environment = OrtEnvironment.getEnvironment();
            environment.setTelemetry(false);
            return new SentenceModel(environment, openSession(environment), tokenizer);
        } catch (IOException | OrtException | LinkageError e) {
            tokenizer.close();
            throw new LiftException(
                    "The model that embeds passages cannot be loaded on this machine (" + Failure.reason(e)
                            + "): search by words instead.",
                    e);
        }
    }

    /** One thread a run: its callers bring their own, and the sum of the same numbers is then always the same. */
    private static OrtSession openSession(OrtEnvironment environment) throws IOException, OrtException {
        try (OrtSession.SessionOptions options = new OrtSession.SessionOptions()) {
            options.setIntraOpNumThreads(1);
            options.setInterOpNumThreads(1);
            return environment.createSession(resource(MODEL), options);
        }
    }

    /** The engine reads tokenizers from folders, so there is one for that long. */
    private static Tokenizer openTokenizer() {
        try {
            Path folder = Files.createTempDirectory("lift4j-");
            Path file = folder.resolve("tokenizer.json");
            try {
                Files.write(file, resource(TOKENIZER));
                return Tokenizer.open(folder);
            } finally {
                Files.deleteIfExists(file);
                Files.delete(folder);
            }
        } catch (IOException e) {
            throw new LiftException(
                    "The tokenizer of the model that embeds passages could not be unpacked into the folder \""
                            + System.getProperty("java.io.tmpdir") + "\" (" + Failure.reason(e)
                            + "): make room there, or name another with -Djava.io.tmpdir.",
                    e);
        }
    }

    private static byte[] resource(String name) throws IOException {
        try (InputStream stream = SentenceModel.class.getResourceAsStream(name)) {
            if (stream == null) {
                throw new FileNotFoundException(name + " is not on the class path");
            }
            return stream.readAllBytes();
        }
    }

    /**
     * What a question is after.
     *
     * @return a vector of length 1 for each stretch of the text that the model reads at once, at least one
     */
    List<float[]> ofQuestion(String question) {
        return directions(questionFollows, tokenizer.encode(question));
    }

    /** What a sentence says, so that its vector is near those of questions that it answers; else as for a question. */
    List<float[]> ofEvidence(String sentence) {
        return directions(evidenceFollows, tokenizer.encode(sentence));
    }

    /**
     * A whole text, with nothing put before it.
     *
     * @throws LiftException where it has no token, or more than are read at once
     */
    TextEmbedder.Embedding ofText(String text) {
        int[] ids = tokenizer.encode(text);
        if (ids.length == 0 || ids.length > WINDOW - 2) {
            throw new LiftException("The text has " + ids.length + " tokens, but the model " + NAME + " reads 1 to "
                    + (WINDOW - 2) + " at once: " + (ids.length == 0 ? "give it words." : "split it."));
        }
        return new TextEmbedder.Embedding(directions(new int[0], ids).getFirst(), ids.length);
    }

    /** What each token of a text means where it stands, the tokens around the text left out. */
    List<float[]> ofTokens(String text) {
        return stretches(tokenizer.encode(text), WINDOW - 2).stream()
                .flatMap(stretch -> {
                    List<float[]> states = Arrays.asList(states(framed(new int[0], stretch)));
                    return states.subList(1, states.size() - 1).stream();
                })
                .toList();
    }

    private List<float[]> directions(int[] introduction, int[] text) {
        return stretches(text, WINDOW - 2 - introduction.length).stream()
                .map(stretch -> unit(sum(states(framed(introduction, stretch)))))
                .toList();
    }

    /** Parts of at most so many tokens, at least one. */
    private static List<int[]> stretches(int[] text, int room) {
        List<int[]> stretches = new ArrayList<>();
        int start = 0;
        do {
            stretches.add(Arrays.copyOfRange(text, start, Math.min(text.length, start + room)));
            start += room;
        } while (start < text.length);
        return stretches;
    }

    private long[] framed(int[] introduction, int[] stretch) {
        return Stream.of(new int[] {begin}, introduction, stretch, new int[] {end})
                .flatMapToInt(Arrays::stream)
                .asLongStream()
                .toArray();
    }

    /**
     * One text a run: the 8-bit activations are scaled by the largest in the run, so in a batch every vector would
     * depend on its neighbours, and equal sentences would differ. Batches are no faster either.
     */
    private float[][] states(long[] tokens) {
        long[] ones = new long[tokens.length];
        Arrays.fill(ones, 1);
        try (OnnxTensor input = tensor(tokens);
                OnnxTensor mask = tensor(ones);
                OnnxTensor types = tensor(new long[tokens.length]);
                OrtSession.Result result =
                        session.run(Map.of("input_ids", input, "attention_mask", mask, "token_type_ids", types))) {
            float[][][] states = (float[][][]) result.get(0).getValue();
            return states[0];
        } catch (OrtException e) {
            throw new LiftException("Embedding a text failed: " + Failure.reason(e) + ".", e);
        }
    }

    private OnnxTensor tensor(long[] row) throws OrtException {
        return OnnxTensor.createTensor(environment, new long[][] {row});
    }

    private static double[] sum(float[][] states) {
        double[] sum = new double[states[0].length];
        for (float[] state : states) {
            for (int i = 0; i < sum.length; i++) {
                sum[i] += state[i];
            }
        }
        return sum;
    }

    private static float[] unit(double[] vector) {
        double length = Math.sqrt(Arrays.stream(vector).map(x -> x * x).sum());
        float[] unit = new float[vector.length];
        for (int i = 0; i < unit.length; i++) {
            unit[i] = (float) (vector[i] / length);
        }
        return unit;
    }

    @Override
    public void close() {
        try (tokenizer) {
            session.close();
        } catch (OrtException e) {
            throw new LiftException(
                    "The model that embeds passages could not be closed: " + Failure.reason(e) + ".", e);
        }
    }
}
