package io.github.lift4j.engine.generation;

import io.github.lift4j.engine.LiftException;
import io.github.lift4j.engine.runtime.ComputeDevice;
import io.github.lift4j.engine.transformer.Adaptation;
import io.github.lift4j.engine.transformer.KeyValueCache;
import io.github.lift4j.engine.transformer.Transformer;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.function.IntConsumer;
import java.util.function.IntPredicate;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.AutoGradMode;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;

/**
 * A model's window with some tokens in it. Several questions about one prefix read it once: note {@link #length}, ask,
 * {@link #rewind}, ask again.
 *
 * <p>Belongs to one thread at a time and owns the native memory of its cache: close it. The model must outlive it.
 * Long reads and generation stop with a {@link CancellationException} when the thread is interrupted.
 */
public final class Context implements AutoCloseable {

    /** Tokens scored at once, and on a processor read: enough to keep it busy, few enough that the scores stay small. */
    private static final int CHUNK = 512;

    /** Tokens that a GPU reads at once: a window mostly, so that attention is fused and the kernels are few. */
    private static final int GPU_CHUNK = 8192;

    private final Transformer model;
    private final Adaptation adaptation;
    private final KeyValueCache cache;
    private final NextTokens next;
    private final ContinuousBatch.Start start;
    private int[] ids = new int[1024];
    private int length;
    /** Behind the newest token, {@code [1, vocabulary]}; empty where nothing was read since a rewind. */
    private Optional<Tensor> logits = Optional.empty();

    /** An empty window. */
    public Context(Transformer model, Adaptation adaptation) {
        this.model = model;
        this.adaptation = adaptation;
        this.cache = new KeyValueCache(model.config().layers());
        this.next = NextTokens.of(model, adaptation, cache);
        this.start = new ContinuousBatch.Start(adaptation, cache, () -> Arrays.copyOf(ids, length));
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
        int most = model.device() instanceof ComputeDevice.Cuda ? GPU_CHUNK : CHUNK;
        for (int from = 0; from < tokens.length; from += most) {
            stopIfInterrupted();
            int[] chunk = Arrays.copyOfRange(tokens, from, Math.min(from + most, tokens.length));
            boolean last = from + most >= tokens.length;
            try (PointerScope scope = new PointerScope();
                    AutoGradMode off = new AutoGradMode(false)) {
                readChunk(chunk, last);
            }
            append(chunk);
        }
    }

    private void readChunk(int[] chunk, boolean last) {
        if (chunk.length == 1) {
            keep(next.logits(chunk));
            return;
        }
        Tensor hidden = model.hidden(model.ids(chunk, chunk.length), cache, adaptation);
        if (last) {
            keep(model.nextLogits(hidden.select(1, chunk.length - 1), adaptation));
        }
    }

    /** Forgets everything behind the first {@code length} tokens; something must be read before the next token. */
    public void rewind(int length) {
        cache.truncate(length);
        this.length = length;
        forget();
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
        for (int from = 0; from < continuation.length; from += CHUNK) {
            int[] chunk = Arrays.copyOfRange(continuation, from, Math.min(from + CHUNK, continuation.length));
            float[] scores = scoreChunk(chunk);
            for (int i = 0; i < scores.length; i++) {
                nll[from + i] = -scores[i];
            }
            append(chunk);
        }
        return nll;
    }

    /** Log-probabilities of the next tokens, {@code [chunk.length]}. */
    private float[] scoreChunk(int[] chunk) {
        try (PointerScope scope = new PointerScope();
                AutoGradMode off = new AutoGradMode(false)) {
            Tensor hidden = model.hidden(model.ids(chunk, chunk.length), cache, adaptation);
            Tensor after = model.logits(hidden.select(0, 0), adaptation);
            Tensor before = torch.cat(new TensorVector(logits(), after.narrow(0, 0, chunk.length - 1)), 0);
            keep(after.narrow(0, chunk.length - 1, 1));
            return NativeFloats.of(NativeFloats.logSoftmax(before)
                    .gather(1, model.ids(chunk, chunk.length).view(-1, 1)));
        }
    }

    /**
     * The same for many continuations, each behind a suffix of its own that goes on from this window; the window stays as
     * it is. Many are read side by side, so this is faster than one after the other.
     *
     * @param suffixes at least one token each
     * @return a {@code [continuation.length]} for each
     * @throws LiftException where one does not fit in the model's window
     */
    public List<double[]> scoreEach(List<int[]> suffixes, List<int[]> continuations) {
        for (int i = 0; i < suffixes.size(); i++) {
            room(suffixes.get(i).length + continuations.get(i).length);
        }
        return new Continuations(model, adaptation, cache).score(suffixes, continuations);
    }

    /**
     * How much likelier one token is than another right behind each suffix, as the difference of their log-probabilities in
     * nats; the window stays as it is. Computed in float32 whatever the model's type, for the logits themselves are too
     * coarse in a smaller one to be compared.
     *
     * @param suffixes at least one token each
     * @return {@code [suffixes.size()]}
     * @throws LiftException where a suffix does not fit in the model's window with one token behind it
     */
    public double[] oddsEach(List<int[]> suffixes, int token, int other) {
        suffixes.forEach(suffix -> room(suffix.length + 1));
        return new Continuations(model, adaptation, cache).odds(suffixes, token, other);
    }

    /**
     * Writes on from many suffixes side by side, each until a stop id, the limit, or the end of the window; the window
     * stays as it is.
     *
     * @param suffixes what each text begins with, at least one token
     * @param seeds one a text; the sampling's own is not used
     * @param topChoices how many of the likeliest tokens to note at each position, 0 for none
     * @throws LiftException where a suffix does not fit in the model's window
     */
    public List<Written> writeEach(
            List<int[]> suffixes, Sampling sampling, List<Long> seeds, Set<Integer> stops, int limit, int topChoices) {
        suffixes.forEach(suffix -> room(suffix.length));
        return new Continuations(model, adaptation, cache)
                .write(Arrays.copyOf(ids, length), suffixes, sampling, seeds, stops, limit, topChoices);
    }

    /**
     * Where texts that come and go are written on from this window side by side. While any is under way the window must
     * stay as it is; close the batch before it.
     *
     * @param stops ids after which a text ends
     */
    public ContinuousBatch batch(Set<Integer> stops) {
        return ContinuousBatch.behind(model, start, stops);
    }

    /** Where texts go on from that are written in a batch. */
    ContinuousBatch.Start start() {
        return start;
    }

    /**
     * Writes tokens until a stop id, the limit, or the end of the window. Each one is handed on as soon as it is chosen;
     * stop ids are not.
     *
     * @return how many were written
     */
    public int generate(Sampling sampling, Set<Integer> stops, int limit, IntConsumer sink) {
        return generateWhile(sampling, stops, limit, token -> {
            sink.accept(token);
            return true;
        });
    }

    /**
     * The same until the sink has heard enough, too.
     *
     * @param sink hears a token and says whether to go on
     */
    public int generateWhile(Sampling sampling, Set<Integer> stops, int limit, IntPredicate sink) {
        Sampler sampler = new Sampler(sampling, List.of(sampling.seed()));
        int written = 0;
        while (written < limit) {
            int token = sampler.next(logits(), () -> List.of(Arrays.copyOf(ids, length)))[0];
            if (stops.contains(token)) {
                break;
            }
            written++;
            if (!sink.test(token)
                    || written == limit
                    || length == model.config().window()) {
                break;
            }
            read(token);
        }
        return written;
    }

    private Tensor logits() {
        return logits.orElseThrow(
                () -> new IllegalStateException("nothing was read since the window was empty or rewound"));
    }

    private void keep(Tensor newest) {
        Tensor kept = newest.clone().retainReference();
        forget();
        logits = Optional.of(kept);
    }

    private void forget() {
        logits.ifPresent(Tensor::close);
        logits = Optional.empty();
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

    private static void stopIfInterrupted() {
        if (Thread.currentThread().isInterrupted()) {
            throw new CancellationException("interrupted while reading or writing tokens");
        }
    }

    @Override
    public void close() {
        forget();
        next.close();
        cache.close();
    }
}
