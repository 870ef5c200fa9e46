package io.github.lift4j.engine.tokenizer;

import ai.djl.huggingface.tokenizers.jni.LibUtils;
import ai.djl.huggingface.tokenizers.jni.TokenizersLibrary;
import io.github.lift4j.engine.LiftException;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;

/**
 * Owns one tokenizer of Hugging Face's Rust library. Thread-safe: calls run side by side, closing waits for them.
 *
 * <p>Calls DJL's native methods directly. DJL's own {@code HuggingFaceTokenizer} reports its use to a server when it is
 * made and copies offsets and texts of every token back to Java, of which nothing is needed here.
 */
final class NativeTokenizer implements AutoCloseable {

    private static final String FLAVOR = "RUST_FLAVOR";

    private final TokenizersLibrary library;
    private final ReadWriteLock inUse = new ReentrantReadWriteLock();
    private long handle;

    private NativeTokenizer(TokenizersLibrary library, long handle) {
        this.library = library;
        this.handle = handle;
    }

    /**
     * Builds a tokenizer.
     *
     * @param json what a {@code tokenizer.json} holds
     * @param origin where it comes from, for the error's sentence
     */
    static NativeTokenizer of(String json, String origin) {
        TokenizersLibrary library = library();
        long handle;
        try {
            handle = library.createTokenizerFromString(json);
        } catch (RuntimeException e) {
            throw new LiftException(
                    "The tokenizer of %s is not one that can be read (%s); download the model again or choose another"
                            .formatted(origin, e.getMessage()),
                    e);
        }
        // A file may ask to cut texts short or to pad them; a document is neither cut nor padded.
        library.disableTruncation(handle);
        library.disablePadding(handle);
        return new NativeTokenizer(library, handle);
    }

    /**
     * Loads the native library once. On a machine with CUDA, DJL would by default download another build of it; the
     * one in its jar is asked for instead, by a property that stands only while the library loads.
     */
    private static synchronized TokenizersLibrary library() {
        boolean chosen = System.getenv(FLAVOR) != null || System.getProperty(FLAVOR) != null;
        if (!chosen) {
            System.setProperty(FLAVOR, "cpu");
        }
        try {
            LibUtils.checkStatus();
            return TokenizersLibrary.LIB;
        } catch (RuntimeException | LinkageError e) {
            throw new LiftException(
                    "The native tokenizer library cannot be loaded on this machine (%s); check that the folder DJL "
                                    .formatted(e.getMessage())
                            + "unpacks it into (~/.djl.ai, or what DJL_CACHE_DIR names) can be written",
                    e);
        } finally {
            if (!chosen) {
                System.clearProperty(FLAVOR);
            }
        }
    }

    int[] encode(String text, boolean addSpecialTokens) {
        String wellFormed = wellFormed(text);
        inUse.readLock().lock();
        try {
            long encoding = library.encode(open(), wellFormed, addSpecialTokens);
            try {
                return narrow(library.getTokenIds(encoding));
            } finally {
                library.deleteEncoding(encoding);
            }
        } finally {
            inUse.readLock().unlock();
        }
    }

    String decode(int[] ids, boolean skipSpecialTokens) {
        long[] wide = new long[ids.length];
        for (int i = 0; i < ids.length; i++) {
            wide[i] = ids[i];
        }
        inUse.readLock().lock();
        try {
            return library.decode(open(), wide, skipSpecialTokens);
        } finally {
            inUse.readLock().unlock();
        }
    }

    private long open() {
        if (handle == 0) {
            throw new LiftException("This tokenizer is closed; open the model again");
        }
        return handle;
    }

    @Override
    public void close() {
        inUse.writeLock().lock();
        try {
            if (handle != 0) {
                library.deleteTokenizer(handle);
                handle = 0;
            }
        } finally {
            inUse.writeLock().unlock();
        }
    }

    private static int[] narrow(long[] ids) {
        int[] result = new int[ids.length];
        for (int i = 0; i < ids.length; i++) {
            result[i] = (int) ids[i];
        }
        return result;
    }

    /** Half a surrogate pair has no UTF-8 form and would spoil the whole text in the native library. */
    private static String wellFormed(String text) {
        char[] mended = null;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (!Character.isSurrogate(c)) {
                continue;
            }
            if (Character.isHighSurrogate(c) && i + 1 < text.length() && Character.isLowSurrogate(text.charAt(i + 1))) {
                i++;
                continue;
            }
            mended = mended == null ? text.toCharArray() : mended;
            mended[i] = '\uFFFD';
        }
        return mended == null ? text : new String(mended);
    }
}
