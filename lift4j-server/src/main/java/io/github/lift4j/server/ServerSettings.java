package io.github.lift4j.server;

import io.github.lift4j.engine.LiftException;
import io.github.lift4j.server.answer.Desk;
import io.github.lift4j.server.http.Loopback;
import io.github.lift4j.server.work.Recipes;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Where a service listens, what it keeps where, and how much it takes on.
 *
 * @param data the folder that holds everything it keeps
 * @param host a name or an address of this machine
 * @param port 0 for any that is free
 * @param fileBytes most of an uploaded file
 * @param queuedJobs jobs that may wait or run
 * @param answers how many answers are written and may be waited for at once
 * @param recipes that callers may name; empty for those that come with the library
 */
public record ServerSettings(
        Path data,
        String host,
        int port,
        long fileBytes,
        int queuedJobs,
        Desk.Size answers,
        Optional<Recipes> recipes) {

    /** @throws LiftException where others than this machine could call there, or a limit leaves nothing */
    public ServerSettings {
        Loopback.require(host);
        if (port < 0 || port > 65_535 || fileBytes < 1 || queuedJobs < 1) {
            throw new LiftException("A service needs a port from 0 to 65535, and room for a file and a job, not " + port
                    + ", " + fileBytes + " bytes and " + queuedJobs + " jobs.");
        }
    }

    /** What {@code lift serve} does where nothing else is said. */
    public static ServerSettings of(Path data) {
        return new ServerSettings(data, "127.0.0.1", 8080, 512L << 20, 100, new Desk.Size(2, 64, 4), Optional.empty());
    }

    /** The same elsewhere. */
    public ServerSettings at(String host, int port) {
        return new ServerSettings(data, host, port, fileBytes, queuedJobs, answers, recipes);
    }

    /** The same with other limits. */
    public ServerSettings with(long fileBytes, int queuedJobs, Desk.Size answers) {
        return new ServerSettings(data, host, port, fileBytes, queuedJobs, answers, recipes);
    }

    /** The same with other recipes. */
    public ServerSettings with(Recipes recipes) {
        return new ServerSettings(data, host, port, fileBytes, queuedJobs, answers, Optional.of(recipes));
    }
}
