package io.github.lift4j.engine.tokenizer;

import java.util.Arrays;

/**
 * Turns ids into text one at a time. No piece ends inside a character, and all pieces put together are the text that
 * {@link Tokenizer#decode} gives for all ids: what is not yet certain is held back until it is. Not thread-safe; one
 * for each text.
 */
public final class StreamingDecoder {

    private static final char UNFINISHED = '\uFFFD';

    private final Tokenizer tokenizer;
    private final TokenizerFile file;
    private final boolean skipSpecialTokens;

    /** The ids of the last piece, whose text is known: a decoder treats the first token of a text in its own way. */
    private int[] context = {};

    private String contextText = "";
    private int[] held = {};

    private StreamingDecoder(Tokenizer tokenizer, boolean skipSpecialTokens) {
        this.tokenizer = tokenizer;
        this.file = tokenizer.file();
        this.skipSpecialTokens = skipSpecialTokens;
    }

    /**
     * A decoder for one text.
     *
     * @param tokenizer must stay open while the decoder is used
     * @param skipSpecialTokens whether control tokens ({@code <|im_end|>}) are left out
     */
    public static StreamingDecoder of(Tokenizer tokenizer, boolean skipSpecialTokens) {
        return new StreamingDecoder(tokenizer, skipSpecialTokens);
    }

    /** The text that became certain with this id; often empty. */
    public String next(int id) {
        if (!file.has(id) || (skipSpecialTokens && file.isSpecial(id))) {
            return "";
        }
        held = Arrays.copyOf(held, held.length + 1);
        held[held.length - 1] = id;
        // Bytes written as tokens of their own count only together with all that follow them directly.
        return file.isByteToken(id) ? "" : release(false);
    }

    /** The text still held back, when no more ids come; bytes that never became a character are U+FFFD in it. */
    public String finish() {
        return held.length == 0 ? "" : release(true);
    }

    private String release(boolean last) {
        int[] ids = Arrays.copyOf(context, context.length + held.length);
        System.arraycopy(held, 0, ids, context.length, held.length);
        String text = tokenizer.decode(ids);
        boolean certain = text.isEmpty() || text.charAt(text.length() - 1) != UNFINISHED;
        if (!last && !certain) {
            return "";
        }
        String piece = text.substring(contextText.length());
        // Ids without a text of their own stay in the context, or the next would be taken for the first of all.
        context = piece.isEmpty() ? ids : held;
        contextText = piece.isEmpty() ? text : tokenizer.decode(held);
        held = new int[0];
        return piece;
    }
}
