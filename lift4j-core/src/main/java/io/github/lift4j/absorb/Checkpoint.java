package io.github.lift4j.absorb;

import io.github.lift4j.engine.LiftException;
import io.github.lift4j.engine.training.Trainer;
import io.github.lift4j.memory.Manifest;
import io.github.lift4j.memory.Memory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * An unfinished absorb inside the folder of the memory to be: {@code absorb.json} says how far it is, and the weights of
 * that very step lie in a file named after it. The new weights are written first, then the note that names them, then
 * the old weights go, so a kill at any moment leaves a note whose weights are there.
 */
final class Checkpoint {

    private static final String NOTE = "absorb.json";
    private static final String STATE = "checkpoint-";

    private final Path folder;

    private Checkpoint(Path folder) {
        this.folder = folder;
    }

    /** Prepares a folder for a new absorb. */
    static Checkpoint create(Path folder) {
        if (Files.exists(folder.resolve("memory.json"))) {
            throw new LiftException("The folder " + folder + " holds a memory already: choose another with --out.");
        }
        if (Files.exists(folder.resolve(NOTE))) {
            throw new LiftException("The folder " + folder
                    + " holds an unfinished absorb: continue it with --resume, or choose another with --out.");
        }
        try {
            Files.createDirectories(folder);
        } catch (IOException e) {
            throw new LiftException("The folder " + folder + " cannot be made: choose one that you may write to.", e);
        }
        if (!Files.isWritable(folder)) {
            throw new LiftException("The folder " + folder + " cannot be written to: choose another with --out.");
        }
        return new Checkpoint(folder);
    }

    /** Finds an unfinished absorb. */
    static Checkpoint open(Path folder) {
        if (!Files.exists(folder.resolve(NOTE))) {
            throw new LiftException(
                    "There is no unfinished absorb in " + folder + ": leave --resume out to begin one.");
        }
        return new Checkpoint(folder);
    }

    static boolean begun(Path folder) {
        return Files.exists(folder.resolve(NOTE));
    }

    /** Weights that no note names, and files that never got their name. */
    static void sweep(Path folder) {
        Checkpoint checkpoint = new Checkpoint(folder);
        Path kept =
                begun(folder) ? checkpoint.state(checkpoint.manifest().losses().size()) : folder.resolve(NOTE);
        Predicate<Path> left = file -> {
            String name = file.getFileName().toString();
            return (name.startsWith(".") && name.endsWith(".tmp")) || (name.startsWith(STATE) && !file.equals(kept));
        };
        checkpoint.files(left).forEach(checkpoint::remove);
    }

    Manifest manifest() {
        return Memory.readManifest(folder.resolve(NOTE));
    }

    boolean hasState() {
        return Files.exists(state(manifest().losses().size()));
    }

    Path state(int step) {
        return folder.resolve(STATE + step + ".safetensors");
    }

    void begin(Manifest manifest) {
        note(manifest);
    }

    void save(Manifest manifest, Trainer trainer) {
        Path state = state(manifest.losses().size());
        trainer.save(state);
        note(manifest);
        for (Path old : states()) {
            if (!old.equals(state)) {
                remove(old);
            }
        }
    }

    /** Clears up after the memory is whole. */
    void delete() {
        remove(folder.resolve(NOTE));
        states().forEach(this::remove);
    }

    private List<Path> states() {
        return files(file -> file.getFileName().toString().startsWith(STATE));
    }

    private List<Path> files(Predicate<Path> which) {
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(which).toList();
        } catch (IOException e) {
            throw unwritable(e);
        }
    }

    private void note(Manifest manifest) {
        Memory.writeManifest(folder.resolve(NOTE), manifest);
    }

    private void remove(Path file) {
        try {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            throw unwritable(e);
        }
    }

    private LiftException unwritable(IOException e) {
        return new LiftException(
                "The absorb's progress cannot be saved in " + folder
                        + ": is the disk full, or the folder read-only? What was saved before is still there.",
                e);
    }
}
