package io.github.lift4j.server.work;

import io.github.lift4j.document.Document;
import io.github.lift4j.engine.LiftException;
import io.github.lift4j.engine.model.LanguageModel;
import io.github.lift4j.engine.tokenizer.TokenStream;
import io.github.lift4j.server.store.Limits;
import io.github.lift4j.server.store.Store;
import io.github.lift4j.server.store.StoredFile;
import io.github.lift4j.server.store.Tenant;
import java.io.IOException;
import java.io.Reader;
import java.io.UncheckedIOException;

/**
 * Uploaded files as the documents they are.
 *
 * @param model whose tokens count
 */
record Uploads(LanguageModel model, Store store, Limits limits) {

    /**
     * Reads a tenant's file in a process of its own; the caller closes the document.
     *
     * @throws LiftException where it is gone, or cannot be read within the limits
     * @throws java.util.concurrent.CancellationException where the thread was interrupted
     */
    Document open(Tenant tenant, String id) {
        StoredFile file = store.files()
                .find(tenant, id)
                .orElseThrow(() -> new LiftException("The file " + id + " is gone: upload it again."));
        return new DocumentProcess(store.folder().temporary(), limits.reading())
                .read(store.files().content(file));
    }

    /**
     * How many tokens a document has.
     *
     * @throws LiftException where they are more than may be
     */
    long tokens(Document document) {
        long[] tokens = {0};
        try (Reader text = document.open()) {
            TokenStream.of(model.tokenizer()).encode(text, ids -> {
                tokens[0] += ids.length;
                if (tokens[0] > limits.tokens()) {
                    throw new LiftException("The document has more than " + limits.tokens()
                            + " tokens, which is the most here: split it.");
                }
            });
        } catch (IOException e) {
            throw new UncheckedIOException("a document's text could not be read again", e);
        }
        return tokens[0];
    }
}
