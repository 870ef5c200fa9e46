package io.github.lift4j.memory;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.datatype.jdk8.Jdk8Module;
import io.github.lift4j.document.Document;
import io.github.lift4j.document.TokenFile;
import io.github.lift4j.engine.AtomicFile;
import io.github.lift4j.engine.LiftException;
import io.github.lift4j.engine.adapter.Adapter;
import io.github.lift4j.engine.adapter.Attachment;
import io.github.lift4j.engine.adapter.FullWeights;
import io.github.lift4j.engine.adapter.LoraAdapter;
import io.github.lift4j.engine.adapter.PeftFormat;
import io.github.lift4j.engine.adapter.PooledAdapter;
import io.github.lift4j.engine.model.LanguageModel;
import io.github.lift4j.engine.model.StoredModel;
import io.github.lift4j.recipe.Recipe;
import io.github.lift4j.task.Task;
import io.github.lift4j.task.TaskFile;
import java.io.IOException;
import java.io.OutputStreamWriter;
import java.io.Reader;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * A document that a model has absorbed, as it lies in its folder. Immutable; what is attached to a model must be closed
 * by who attached it.
 *
 * @param folder where it lies
 * @param manifest what it is
 */
public record Memory(Path folder, Manifest manifest) {

    private static final String MANIFEST = "memory.json";
    private static final String TOKENS = "tokens.bin";
    private static final String TEXT = "document.txt";
    private static final String TASKS = "tasks.jsonl";
    private static final String JOURNAL = "tasks.bin";
    private static final ObjectMapper JSON = new ObjectMapper()
            .registerModule(new Jdk8Module())
            .setPropertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
            .enable(SerializationFeature.INDENT_OUTPUT)
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES);

    /** Whether a folder holds a finished memory. */
    public static boolean isIn(Path folder) {
        return Files.exists(folder.resolve(MANIFEST));
    }

    /**
     * Opens a finished memory.
     *
     * @throws LiftException where the folder holds none, or an unfinished one
     */
    public static Memory open(Path folder) {
        Path file = folder.resolve(MANIFEST);
        if (!isIn(folder)) {
            throw new LiftException("There is no memory in " + folder + ": absorb a document with --out " + folder
                    + ", or finish an interrupted absorb with --resume.");
        }
        return new Memory(folder, readManifest(file));
    }

    /** The file of the document's token ids in a memory's folder. */
    public static Path tokenFile(Path folder) {
        return folder.resolve(TOKENS);
    }

    /** The file of the tasks and their teachers in a memory's folder. */
    public static Path taskJournal(Path folder) {
        return folder.resolve(JOURNAL);
    }

    /** Keeps a document's text in a memory's folder, for tasks and for evidence. */
    public static void writeText(Document document, Path folder) {
        writeText("", document, folder);
    }

    /** The same with another text before it. */
    public static void writeText(String before, Document document, Path folder) {
        AtomicFile.write(folder.resolve(TEXT), out -> {
            Writer writer = new OutputStreamWriter(out, StandardCharsets.UTF_8);
            writer.write(before);
            try (Reader text = document.open()) {
                text.transferTo(writer);
            }
            writer.flush();
        });
    }

    /**
     * The text of the document, whole.
     *
     * @throws LiftException where the memory was imported and has none
     */
    public String text() {
        requireDocument();
        return readText(folder);
    }

    /** The text of the document that a folder's memory is of, whole. */
    public static String readText(Path folder) {
        try {
            return Files.readString(folder.resolve(TEXT));
        } catch (IOException e) {
            throw new LiftException(
                    "The document's text in " + folder + " cannot be read: absorb the document anew.", e);
        }
    }

    /**
     * Refuses a memory without a document, which an imported adapter is.
     *
     * @throws LiftException where it has none
     */
    public void requireDocument() {
        if (!manifest.hasDocument()) {
            throw new LiftException("The memory " + folder
                    + " was imported and has no document, which this needs: use it with --mode lift only.");
        }
    }

    /** Leaves the tasks of a run where a person can read, edit and use them again. */
    public static void writeTasks(Path folder, List<Task> tasks) {
        TaskFile.write(folder.resolve(TASKS), tasks);
    }

    /** Opens the document's token ids. */
    public TokenFile tokens() {
        return TokenFile.open(tokenFile(folder), manifest.tokens());
    }

    /**
     * Makes what was learned ready for use with its base model.
     *
     * @throws LiftException where the model is not the one that absorbed the document
     */
    public Attachment attach(LanguageModel model) {
        try (Adapter trained = adapter(model)) {
            return trained.frozen(model.transformer());
        }
    }

    /**
     * The same for use beside others of that base in one batch; the caller closes it.
     *
     * @throws LiftException where the model is not the one that absorbed the document, or all its weights were trained
     */
    public PooledAdapter attachBesideOthers(LanguageModel model) {
        requireBase(model);
        return PooledAdapter.of(PeftFormat.read(folder, model.transformer()), model.transformer());
    }

    /**
     * Refuses a model that this memory does not belong to.
     *
     * @throws LiftException where the model is not the one that absorbed the document
     */
    public void requireBase(LanguageModel model) {
        requireBase(model.name(), model.hash());
    }

    /** The same of a model that is not loaded. */
    public void requireBase(StoredModel model) {
        requireBase(model.name(), model.hash());
    }

    private void requireBase(String name, String hash) {
        if (!hash.equals(manifest.baseSha256())) {
            throw new LiftException("The memory " + folder + " was made on the base model " + manifest.baseName()
                    + " (hash " + manifest.baseSha256().substring(0, 12) + "), not on " + name + " (hash "
                    + hash.substring(0, 12) + "): name its base with --model.");
        }
    }

    /**
     * What was learned, to be trained further; the caller closes it.
     *
     * @throws LiftException where the model is not the one that absorbed the document
     */
    public Adapter adapter(LanguageModel model) {
        requireBase(model);
        return manifest.recipe().adapter().rank() > 0
                ? PeftFormat.read(folder, model.transformer())
                : FullWeights.read(folder, model.transformer());
    }

    /** Writes what was trained: an adapter in PEFT's format, or all weights. */
    public static void writeWeights(Path folder, String baseName, Adapter adapter) {
        switch (adapter) {
            case LoraAdapter lora -> PeftFormat.write(lora, baseName, folder);
            case FullWeights weights -> weights.write(folder);
        }
    }

    /** Writes a trained adapter and then the manifest, whose presence says that the memory is whole. */
    public static Memory write(Path folder, Manifest manifest, Adapter adapter) {
        writeWeights(folder, manifest.baseName(), adapter);
        writeManifest(folder.resolve(MANIFEST), manifest);
        return new Memory(folder, manifest);
    }

    /**
     * Makes a memory of an adapter that lies in a folder already and has no document.
     *
     * @param title what a person calls it
     * @param recipe its adapter is the one in the folder; nothing else was done by it
     */
    public static void writeImported(Path folder, String title, StoredModel base, Recipe recipe) {
        Manifest manifest = new Manifest(
                Manifest.CURRENT,
                Version.OURS,
                title,
                "",
                0,
                base.name(),
                base.hash(),
                "float32",
                recipe,
                List.of(),
                List.of(),
                Manifest.Seconds.NONE,
                Optional.empty());
        try (TokenFile.Writer tokens = TokenFile.create(tokenFile(folder))) {
            tokens.finish().close();
        }
        writeManifest(folder.resolve(MANIFEST), manifest);
    }

    /** Writes a manifest so that it appears whole or not at all. */
    public static void writeManifest(Path file, Manifest manifest) {
        AtomicFile.write(file, out -> JSON.writeValue(out, manifest));
    }

    /** Reads a manifest. */
    public static Manifest readManifest(Path file) {
        try {
            Manifest manifest = JSON.readValue(file.toFile(), Manifest.class);
            if (manifest.version() != Manifest.CURRENT) {
                throw new LiftException(file + " has format version " + manifest.version() + " but this lift4j reads "
                        + Manifest.CURRENT + ": use the lift4j that wrote it, or absorb anew.");
            }
            return manifest;
        } catch (JacksonException e) {
            throw new LiftException(file + " is damaged: absorb the document anew.", e);
        } catch (IOException e) {
            throw new LiftException(file + " cannot be read: check the disk and the permissions.", e);
        }
    }
}
