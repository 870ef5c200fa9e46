package io.github.lift4j.engine.generation;

import io.github.lift4j.engine.LiftException;
import io.github.lift4j.engine.transformer.Adaptation;
import io.github.lift4j.engine.transformer.KeyValueCache;
import io.github.lift4j.engine.transformer.Transformer;
import java.util.Arrays;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.function.IntConsumer;
import java.util.stream.IntStream;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.AutoGradMode;
import org.bytedeco.pytorch.ScalarTypeOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;

/**
 * A model's window with some tokens in it. Several questions about one prefix read it once: note {@link #length}, ask,
 * {@link #rewind}, ask again.
 *
 * <p>Belongs to one thread at a time and owns the native memory of its cache: close it. The model must outlive it.
 * Long reads and generation stop with a {@link CancellationException} when the thread is interrupted.
 */
public final class Context implements AutoCloseable {

    /** Tokens read at once: enough to keep the processor busy, few enough that the scores stay small. */
    private static final int CHUNK = 512;

    private final Transformer model;
    private final Adaptation adaptation;
    private final KeyValueCache cache;
    private int[] ids = new int[1024];
    private int length;
    private float[] logits = {};

    /** An empty window. */
    public Context(Transformer model, Adaptation adaptation) {
        this.model = model;
        this.adaptation = adaptation;
        this.cache = new KeyValueCache(model.config().layers());
    }

    /** How many tokens are in the window. */
    public int length() {
        return length;
    }

    /**
     * Reads more tokens.
     *
     * @throws LiftException where they do not fit in the model's window
     */
    public void read(int... tokens) {
        room(tokens.length);
        for (int from = 0; from < tokens.length; from += CHUNK) {
            stopIfInterrupted();
            int[] chunk = Arrays.copyOfRange(tokens, from, Math.min(from + CHUNK, tokens.length));
            boolean last = from + CHUNK >= tokens.length;
            try (PointerScope scope = new PointerScope();
                    AutoGradMode off = new AutoGradMode(false)) {
                Tensor hidden = model.hidden(model.ids(chunk, chunk.length), cache, adaptation);
                if (last) {
                    logits = toFloats(model.logits(hidden.select(1, chunk.length - 1), adaptation));
                }
            }
            append(chunk);
        }
    }

    /** Forgets everything behind the first {@code length} tokens; something must be read before the next token. */
    public void rewind(int length) {
        cache.truncate(length);
        this.length = length;
        logits = new float[0];
    }

    /**
     * Negative log-likelihood in nats of each token of a continuation, which is then part of the window.
     *
     * @return {@code [continuation.length]}
     * @throws LiftException where it does not fit in the model's window
     */
    public double[] score(int... continuation) {
        room(continuation.length);
        double[] nll = new double[continuation.length];
        nll[0] = -logProbability(logits(), continuation[0]);
        for (int from = 0; from < continuation.length; from += CHUNK) {
            int to = Math.min(from + CHUNK, continuation.length);
            int[] chunk = Arrays.copyOfRange(continuation, from, to);
            try (PointerScope scope = new PointerScope();
                    AutoGradMode off = new AutoGradMode(false)) {
                Tensor hidden = model.hidden(model.ids(chunk, chunk.length), cache, adaptation);
                Tensor all = torch.log_softmax(
                        model.logits(hidden.select(0, 0), adaptation), -1, new ScalarTypeOptional(ScalarType.Float));
                int[] next = Arrays.copyOfRange(continuation, from + 1, Math.min(to + 1, continuation.length));
                if (next.length > 0) {
                    float[] picked = toFloats(all.narrow(0, 0, next.length)
                            .gather(1, model.ids(next, next.length).view(-1, 1)));
                    for (int i = 0; i < picked.length; i++) {
                        nll[from + 1 + i] = -picked[i];
                    }
                }
                logits = toFloats(all.select(0, chunk.length - 1));
            }
            append(chunk);
        }
        return nll;
    }

    /**
     * Writes tokens until a stop id, the limit, or the end of the window. Each one is handed on as soon as it is chosen;
     * stop ids are not.
     *
     * @return how many were written
     */
    public int generate(Sampling sampling, Set<Integer> stops, int limit, IntConsumer sink) {
        Sampler sampler = new Sampler(sampling);
        int written = 0;
        while (written < limit) {
            int token = sampler.next(logits().clone(), IntStream.of(ids).limit(length));
            if (stops.contains(token)) {
                break;
            }
            sink.accept(token);
            written++;
            if (written == limit || length == model.config().window()) {
                break;
            }
            read(token);
        }
        return written;
    }

    private float[] logits() {
        if (logits.length == 0) {
            throw new IllegalStateException("nothing was read since the window was empty or rewound");
        }
        return logits;
    }

    private void room(int tokens) {
        if (length + tokens > model.config().window()) {
            throw new LiftException("The prompt needs " + (length + tokens) + " tokens but the model's window has "
                    + model.config().window() + ": shorten the question, or give it less of the document.");
        }
    }

    private void append(int[] tokens) {
        if (length + tokens.length > ids.length) {
            ids = Arrays.copyOf(ids, Math.max(ids.length * 2, length + tokens.length));
        }
        System.arraycopy(tokens, 0, ids, length, tokens.length);
        length += tokens.length;
    }

    private static double logProbability(float[] logits, int token) {
        double largest = Float.NEGATIVE_INFINITY;
        for (float logit : logits) {
            largest = Math.max(largest, logit);
        }
        double sum = 0;
        for (float logit : logits) {
            sum += Math.exp(logit - largest);
        }
        return logits[token] - largest - Math.log(sum);
    }

    private static float[] toFloats(Tensor tensor) {
        Tensor floats = tensor.to(ScalarType.Float).cpu().contiguous();
        float[] values = new float[Math.toIntExact(floats.numel())];
        new FloatPointer(floats.data_ptr()).get(values);
        return values;
    }

    private static void stopIfInterrupted() {
        if (Thread.currentThread().isInterrupted()) {
            throw new CancellationException("interrupted while reading or writing tokens");
        }
    }

    @Override
    public void close() {
        cache.close();
    }
}
