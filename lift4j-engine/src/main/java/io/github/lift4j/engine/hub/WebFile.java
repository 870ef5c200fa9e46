package io.github.lift4j.engine.hub;

import io.github.lift4j.engine.AtomicFile;
import io.github.lift4j.engine.LiftException;
import io.github.lift4j.engine.Progress;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/**
 * A public file at an address, such as a benchmark's: fetched whole into its place, or not at all. No token goes with the
 * request. Where the server is busy it is asked again, as the hub is; a server that states the SHA-256 of its large files, as
 * the hub does, is held to it.
 *
 * @param address of the file
 * @param settings whether downloads are allowed, and how long to wait
 */
public record WebFile(URI address, HubSettings settings) {

    private static final int BUFFER_BYTES = 1 << 16;

    /**
     * Fetches the file.
     *
     * @param to where it goes; what is there stays until all of the new one is here
     * @param progress hears the bytes
     * @throws LiftException where it cannot be had, arrives damaged, cannot be written, or the thread is interrupted
     */
    public void fetch(Path to, Progress progress) {
        if (settings.offline()) {
            throw new LiftException(address + " is needed, but downloads are switched off (HF_HUB_OFFLINE): switch them"
                    + " on, or bring the file to " + to + " yourself.");
        }
        try (HttpClient http = HttpClient.newBuilder()
                .followRedirects(HttpClient.Redirect.NORMAL)
                .connectTimeout(settings.connectTimeout())
                .build()) {
            HttpResponse<InputStream> response = answer(http);
            try (InputStream body = response.body()) {
                AtomicFile.write(to, out -> copy(body, out, response, progress));
            }
        } catch (IOException e) {
            throw new LiftException(
                    address + " could not be fetched (" + reason(e) + "): check the network, or bring the file to " + to
                            + " yourself.",
                    e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new LiftException("Fetching " + address + " was interrupted: start it again.", e);
        }
    }

    private HttpResponse<InputStream> answer(HttpClient http) throws IOException, InterruptedException {
        Patience patience = new Patience(settings.retryPause());
        HttpRequest request = HttpRequest.newBuilder(address)
                .header("User-Agent", "lift4j")
                .timeout(settings.idleTimeout())
                .build();
        for (int attempt = 1; ; attempt++) {
            HttpResponse<InputStream> response = http.send(request, BodyHandlers.ofInputStream());
            Optional<Duration> pause = patience.beforeNext(response, attempt);
            if (pause.isEmpty() && response.statusCode() == 200) {
                return response;
            }
            response.body().close();
            Thread.sleep(
                    pause.orElseThrow(() -> new LiftException(address + " answered with status " + response.statusCode()
                                    + ": look whether the set has moved, and bring its files yourself."))
                            .toMillis());
        }
    }

    private void copy(InputStream body, OutputStream out, HttpResponse<?> response, Progress progress)
            throws IOException {
        long total = response.headers().firstValueAsLong("Content-Length").orElse(-1);
        Checksum.Running sum = Checksum.Running.sha256();
        byte[] buffer = new byte[BUFFER_BYTES];
        long done = 0;
        for (int count; (count = body.read(buffer)) >= 0; ) {
            sum.add(buffer, count);
            out.write(buffer, 0, count);
            done += count;
            progress.advance("Downloading " + address.getPath(), done, total, "");
        }
        Optional<String> stated = stated(response);
        if (total >= 0 && done != total || stated.isPresent() && !stated.get().equals(sum.hex())) {
            throw new LiftException(
                    address + " arrived damaged, and was thrown away: try again, and if it happens again,"
                            + " check any proxy.");
        }
    }

    /** The SHA-256 that an answer, or one that redirected to it, states. */
    private static Optional<String> stated(HttpResponse<?> response) {
        return response.headers()
                .firstValue("X-Linked-Etag")
                .map(etag -> etag.replaceFirst("^W/", "").replace("\"", ""))
                .filter(etag -> etag.matches("[0-9a-f]{64}"))
                .or(() -> response.previousResponse().flatMap(WebFile::stated));
    }

    private static String reason(IOException e) {
        return e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
    }
}
