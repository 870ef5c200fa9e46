package io.github.lift4j.engine.tokenizer;

import io.github.lift4j.engine.LiftException;
import java.io.IOException;
import java.io.Reader;
import java.util.Arrays;

/**
 * Tokenises a document of any length without holding it. The ids equal those of {@link Tokenizer#encode} for the whole
 * document, and memory does not grow with its length, only with the longest stretch in which no cut is safe.
 *
 * <p>The text is read in windows. Each ends at a place that {@link CutRule} proves safe, and the proof is checked: a few
 * characters before the cut (the context) and after it are tokenised together and must give the ids of the context
 * first, and the window's ids must end in what remains. The next window begins with the context, so that what a
 * tokenizer does to the beginning of a text (a space put before it) happens there and is thrown away.
 *
 * <p>Immutable and thread-safe, as far as sink and reader are.
 */
public final class TokenStream {

    private static final int WINDOW = 1 << 13;
    private static final int CONTEXT = 32;
    private static final int AHEAD = 128;

    /** How many safe places are tried before more text is read; one that fails the check would be a surprise. */
    private static final int TRIES = 4;

    private final Tokenizer tokenizer;
    private final CutRule rule;
    private final int window;
    private final int contextLength;

    private TokenStream(Tokenizer tokenizer, int window, int contextLength) {
        this.tokenizer = tokenizer;
        this.rule = CutRule.of(tokenizer.file());
        this.window = window;
        this.contextLength = contextLength;
    }

    /** A stream by a tokenizer, which must stay open while it is used. */
    public static TokenStream of(Tokenizer tokenizer) {
        return new TokenStream(tokenizer, WINDOW, CONTEXT);
    }

    /** For tests: windows of a few characters put a cut into every place of a short text. */
    static TokenStream of(Tokenizer tokenizer, int window, int contextLength) {
        return new TokenStream(tokenizer, window, contextLength);
    }

    /**
     * Tokenises what a reader gives, to its end.
     *
     * @param text the document; it is not closed
     * @param sink takes the ids in order, some thousands at a time
     * @return how many ids there were
     * @throws IOException if the reader or the sink fails
     * @throws LiftException if the thread is interrupted; its interrupt stays set
     */
    public long encode(Reader text, TokenSink sink) throws IOException {
        return new Run(text, sink).encode();
    }

    /** One document on its way. */
    private final class Run {
        private final Reader text;
        private final TokenSink sink;
        private final char[] chunk = new char[8192];

        /** What is not yet tokenised, the context of the last cut before it. */
        private final StringBuilder buffer = new StringBuilder();

        private int context;
        private int[] contextIds = {};
        private boolean ended;
        private long count;

        Run(Reader text, TokenSink sink) {
            this.text = text;
            this.sink = sink;
        }

        long encode() throws IOException {
            int length = window;
            int searched = 0;
            while (true) {
                read(length);
                if (ended && buffer.length() <= length) {
                    emit(withoutContext(tokenizer.encode(buffer.toString())));
                    return count;
                }
                if (cut(Math.max(context, searched))) {
                    length = window;
                    searched = 0;
                } else {
                    searched = lastJudged();
                    length = Math.max(length, buffer.length()) * 2;
                }
            }
        }

        private void read(int length) throws IOException {
            while (!ended && buffer.length() <= length) {
                if (Thread.currentThread().isInterrupted()) {
                    throw new LiftException("Reading the document was interrupted; start it again to go on");
                }
                int n = text.read(chunk, 0, Math.min(chunk.length, length + 1 - buffer.length()));
                if (n < 0) {
                    ended = true;
                } else {
                    buffer.append(chunk, 0, n);
                }
            }
        }

        /** The last place that enough is known about to judge it. */
        private int lastJudged() {
            return buffer.length() - 1 - rule.lookahead();
        }

        /** Emits up to the last safe place after {@code from}, if there is one. */
        private boolean cut(int from) throws IOException {
            int tries = 0;
            for (int at = lastJudged(); at > from && tries < TRIES; at--) {
                if (rule.allows(buffer, at)) {
                    if (cutAt(at)) {
                        return true;
                    }
                    tries++;
                }
            }
            return false;
        }

        private boolean cutAt(int at) throws IOException {
            int start = rule.contextStart(buffer, at, contextLength);
            int end = Math.min(buffer.length(), at + Math.max(AHEAD, rule.lookahead()));
            int[] before = tokenizer.encode(buffer.substring(start, at));
            int[] across = tokenizer.encode(buffer.substring(start, end));
            if (start == at || !startsWith(across, before)) {
                return false;
            }
            int[] after = Arrays.copyOfRange(across, before.length, across.length);
            int[] all = withoutContext(tokenizer.encode(buffer.substring(0, end)));
            if (!endsWith(all, after)) {
                return false;
            }
            emit(Arrays.copyOf(all, all.length - after.length));
            buffer.delete(0, start);
            context = at - start;
            contextIds = before;
            return true;
        }

        private int[] withoutContext(int[] ids) {
            if (!startsWith(ids, contextIds)) {
                throw new LiftException(
                        "This model's tokenizer cannot be trusted with a document in parts; tokenise it "
                                + "as a whole, or use another model");
            }
            return Arrays.copyOfRange(ids, contextIds.length, ids.length);
        }

        private void emit(int[] ids) throws IOException {
            if (ids.length > 0) {
                sink.accept(ids);
                count += ids.length;
            }
        }
    }

    private static boolean startsWith(int[] ids, int[] start) {
        return ids.length >= start.length && Arrays.equals(ids, 0, start.length, start, 0, start.length);
    }

    private static boolean endsWith(int[] ids, int[] end) {
        int from = ids.length - end.length;
        return from >= 0 && Arrays.equals(ids, from, ids.length, end, 0, end.length);
    }
}
