package io.github.lift4j.evaluation.result;

import com.fasterxml.jackson.core.JacksonException;
import io.github.lift4j.engine.AtomicFile;
import io.github.lift4j.engine.LiftException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * The folder of one run: {@code results.db}, the suite as it was read ({@code suite.yaml}), {@code environment.json}, and
 * {@code work/} with the memories, which may be deleted when the run is over.
 */
public record RunFolder(Path path) {

    private static final String RESULTS = "results.db";
    private static final String SUITE = "suite.yaml";
    private static final String ENVIRONMENT = "environment.json";
    private static final String LOCK = ".lock";

    /** A new folder, or one to go on in. */
    public static RunFolder create(Path path) {
        try {
            Files.createDirectories(path);
        } catch (IOException e) {
            throw new LiftException("The folder " + path + " cannot be made: name another with --out.", e);
        }
        return new RunFolder(path);
    }

    /**
     * The folder of a run that was begun.
     *
     * @throws LiftException where it is none
     */
    public static RunFolder open(Path path) {
        RunFolder folder = new RunFolder(path);
        if (!folder.begun()) {
            throw new LiftException(
                    "There is no run in " + path + ": name the folder that lift bench run wrote with --out.");
        }
        return folder;
    }

    /** Whether a run was begun here. */
    public boolean begun() {
        return Files.exists(path.resolve(ENVIRONMENT));
    }

    /** Opens the results, new or old; close them. */
    public ResultStore results() {
        return ResultStore.open(path.resolve(RESULTS));
    }

    /** Where memories are made. */
    public Path work() {
        return path.resolve("work");
    }

    /** The suite as it was read, YAML. */
    public String suite() {
        Path file = path.resolve(SUITE);
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw unreadable(file, e);
        }
    }

    /** Under what the run was made. */
    public Environment environment() {
        Path file = path.resolve(ENVIRONMENT);
        try {
            return ResultJson.MAPPER.readValue(file.toFile(), Environment.class);
        } catch (JacksonException e) {
            throw new LiftException(file + " is damaged: run the suite anew into another folder.", e);
        } catch (IOException e) {
            throw unreadable(file, e);
        }
    }

    /** Keeps the suite and under what it is run; the latter last, whose presence says that a run was begun. */
    public void begin(String suite, Environment environment) {
        AtomicFile.write(path.resolve(SUITE), out -> out.write(suite.getBytes(StandardCharsets.UTF_8)));
        AtomicFile.write(
                path.resolve(ENVIRONMENT),
                out -> ResultJson.MAPPER.writerWithDefaultPrettyPrinter().writeValue(out, environment));
    }

    /**
     * Looks at the suite and environment and changes them, while no other thread or process does; others wait.
     *
     * @throws LiftException where the folder cannot be locked or the thread is interrupted
     */
    public void alone(Runnable change) {
        // A file's lock is a whole process's: its threads wait for each other at the monitor.
        synchronized (RunFolder.class) {
            try (FileChannel channel =
                            FileChannel.open(path.resolve(LOCK), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                    FileLock _ = channel.lock()) {
                change.run();
            } catch (IOException e) {
                throw new LiftException(
                        "The folder " + path + " cannot be locked (" + e.getMessage()
                                + "): check the permissions, or name another with --out.",
                        e);
            }
        }
    }

    private static LiftException unreadable(Path file, IOException e) {
        return new LiftException(file + " cannot be read: check the disk and the permissions.", e);
    }
}
