package io.github.lift4j.engine.hub;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongPredicate;
import org.jspecify.annotations.Nullable;

/**
 * A hub on the loopback interface with one repository. Like the real one it serves small files itself, by way of a
 * relative redirect, and sends askers for large ones to another host.
 */
final class FakeHub implements AutoCloseable {

    static final String ID = "someone/tiny-model";
    static final String COMMIT = "0123456789abcdef0123456789abcdef01234567";

    /** What was asked of which host. */
    record Asked(String method, String path, Optional<String> authorization, Optional<String> range) {}

    /** An answer to give instead of the right one. */
    record Canned(int status, Map<String, String> headers) {}

    final List<Asked> hubAsked = new CopyOnWriteArrayList<>();
    final List<Asked> storeAsked = new CopyOnWriteArrayList<>();
    final Map<String, byte[]> files = new TreeMap<>();

    /** The next answers of the hub itself, before it does its work. */
    final Queue<Canned> canned = new ConcurrentLinkedQueue<>();

    /** How many of the next answers with large files break off after half of what they should bring. */
    final AtomicInteger breaks = new AtomicInteger();

    /** Whether so many bytes of the file are on the asker's disk; asked before an answer breaks off. */
    volatile LongPredicate arrived = bytes -> true;

    /** How many of the next answers with large files bring wrong bytes. */
    final AtomicInteger corruptions = new AtomicInteger();

    /** If set, an answer with a large file sends half of it and then waits for the latch. */
    volatile @Nullable CountDownLatch stall;

    /** If set, no answer with a large file starts before so many are wanted at once. */
    volatile @Nullable CountDownLatch together;

    volatile String commit = COMMIT;
    volatile boolean rangesHonoured = true;

    /** If set, anybody may see what the repository holds, but not have it. */
    volatile boolean gated;

    volatile Optional<Long> announcedSize = Optional.empty();

    private final HttpServer hub = start(this::serveHub);
    private final HttpServer store = start(this::serveStore);
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();

    FakeHub() {
        hub.setExecutor(threads);
        store.setExecutor(threads);
        hub.start();
        store.start();
    }

    /** A hub with a model of one weight file. */
    static FakeHub withModel() {
        FakeHub hub = new FakeHub();
        hub.text("config.json", "{\"model_type\": \"llama\"}");
        hub.text("tokenizer.json", "{\"version\": \"1.0\"}");
        hub.text("tokenizer_config.json", "{}");
        hub.text("README.md", "not needed");
        hub.random("model.safetensors", 300_000);
        hub.random("pytorch_model.bin", 10);
        hub.random("onnx/model.onnx", 10);
        return hub;
    }

    void text(String path, String content) {
        files.put(path, content.getBytes(StandardCharsets.UTF_8));
    }

    void random(String path, int bytes) {
        byte[] content = new byte[bytes];
        new Random(path.hashCode()).nextBytes(content);
        files.put(path, content);
    }

    HubSettings settings(Path folder) {
        return settings(folder, Map.of());
    }

    /** Settings for this hub that keep everything under one folder. */
    HubSettings settings(Path folder, Map<String, String> environment) {
        Map<String, String> all = new TreeMap<>(Map.of(
                "HOME", folder.toString(),
                "PATH", folder.resolve("bin").toString(),
                "HF_ENDPOINT", address()));
        all.putAll(environment);
        HubSettings read = HubSettings.fromEnvironment(all);
        return new HubSettings(
                read.hubCache(),
                read.liftHome(),
                read.endpoint(),
                read.token(),
                read.offline(),
                read.commandPath(),
                Duration.ofSeconds(5),
                Duration.ofSeconds(5),
                Duration.ofMillis(10));
    }

    String address() {
        return "http://127.0.0.1:" + hub.getAddress().getPort();
    }

    static String sha256(byte[] content) {
        return digest("SHA-256", content);
    }

    static String gitHash(byte[] content) {
        byte[] head = ("blob " + content.length + "\0").getBytes(StandardCharsets.US_ASCII);
        byte[] all = Arrays.copyOf(head, head.length + content.length);
        System.arraycopy(content, 0, all, head.length, content.length);
        return digest("SHA-1", all);
    }

    private static String digest(String algorithm, byte[] content) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance(algorithm).digest(content));
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError(e);
        }
    }

    private static HttpServer start(HttpHandler handler) {
        try {
            HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
            server.createContext("/", handler);
            return server;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void serveHub(HttpExchange exchange) throws IOException {
        try (exchange) {
            hubAsked.add(asked(exchange));
            Canned instead = canned.poll();
            if (instead != null) {
                instead.headers()
                        .forEach((name, value) -> exchange.getResponseHeaders().set(name, value));
                exchange.sendResponseHeaders(instead.status(), -1);
                return;
            }
            String path = exchange.getRequestURI().getPath().replaceFirst("/resolve/main/", "/resolve/" + commit + "/");
            String resolve = "/" + ID + "/resolve/" + commit + "/";
            String resolveCache = "/api/resolve-cache/" + commit + "/";
            if (gated && path.startsWith(resolve)) {
                exchange.getResponseHeaders().set("X-Error-Code", "GatedRepo");
                exchange.sendResponseHeaders(403, -1);
            } else if (path.startsWith("/api/models/" + ID + "/revision/")) {
                answer(exchange, listing().getBytes(StandardCharsets.UTF_8));
            } else if (path.startsWith(resolve) && files.containsKey(path.substring(resolve.length()))) {
                resolve(exchange, path.substring(resolve.length()));
            } else if (path.startsWith(resolveCache)) {
                byte[] content = files.get(path.substring(resolveCache.length()));
                exchange.getResponseHeaders().set("X-Repo-Commit", commit);
                exchange.getResponseHeaders().set("ETag", "\"" + gitHash(content) + "\"");
                answer(exchange, content);
            } else {
                exchange.getResponseHeaders()
                        .set("X-Error-Code", path.startsWith("/api") ? "RepoNotFound" : "EntryNotFound");
                exchange.sendResponseHeaders(404, -1);
            }
        }
    }

    private String listing() throws IOException {
        List<Map<String, String>> siblings =
                files.keySet().stream().map(path -> Map.of("rfilename", path)).toList();
        return new ObjectMapper().writeValueAsString(Map.of("id", ID, "sha", commit, "siblings", siblings));
    }

    private void resolve(HttpExchange exchange, String path) throws IOException {
        byte[] content = files.get(path);
        exchange.getResponseHeaders().set("X-Repo-Commit", commit);
        if (isLarge(path)) {
            exchange.getResponseHeaders().set("X-Linked-Etag", "\"" + sha256(content) + "\"");
            exchange.getResponseHeaders()
                    .set(
                            "X-Linked-Size",
                            announcedSize.orElse((long) content.length).toString());
            exchange.getResponseHeaders()
                    .set("Location", "http://localhost:" + store.getAddress().getPort() + "/" + path);
            exchange.sendResponseHeaders(302, -1);
        } else {
            exchange.getResponseHeaders().set("Location", "/api/resolve-cache/" + commit + "/" + path);
            exchange.sendResponseHeaders(307, -1);
        }
    }

    static boolean isLarge(String path) {
        return path.endsWith(".safetensors") || path.endsWith(".gguf");
    }

    private void answer(HttpExchange exchange, byte[] content) throws IOException {
        if (exchange.getRequestMethod().equals("HEAD")) {
            exchange.getResponseHeaders().set("Content-Length", Integer.toString(content.length));
            exchange.sendResponseHeaders(200, -1);
        } else {
            exchange.sendResponseHeaders(200, content.length);
            exchange.getResponseBody().write(content);
        }
    }

    private void serveStore(HttpExchange exchange) throws IOException {
        try (exchange) {
            Asked asked = asked(exchange);
            storeAsked.add(asked);
            awaitOthers();
            byte[] content = files.get(exchange.getRequestURI().getPath().substring(1));
            int start = rangesHonoured
                    ? asked.range()
                            .map(range -> Integer.parseInt(range.replaceAll("\\D", "")))
                            .orElse(0)
                    : 0;
            byte[] body = Arrays.copyOfRange(content, start, content.length);
            if (corruptions.getAndUpdate(left -> Math.max(0, left - 1)) > 0) {
                body[body.length / 2] ^= 1;
            }
            if (start > 0) {
                exchange.getResponseHeaders()
                        .set("Content-Range", "bytes %d-%d/%d".formatted(start, content.length - 1, content.length));
            }
            exchange.sendResponseHeaders(start > 0 ? 206 : 200, body.length);
            int half = body.length / 2;
            exchange.getResponseBody().write(body, 0, half);
            if (breaks.getAndUpdate(left -> Math.max(0, left - 1)) > 0) {
                awaitArrival(exchange, start + half);
                return; // Closing now, short of the announced length, cuts the connection.
            }
            awaitStall(exchange);
            exchange.getResponseBody().write(body, half, body.length - half);
        }
    }

    /** What is under way when a connection breaks may be lost, which would leave the place to go on from to chance. */
    private void awaitArrival(HttpExchange exchange, long bytes) throws IOException {
        exchange.getResponseBody().flush();
        try {
            for (int look = 0; !arrived.test(bytes) && look < 400; look++) {
                Thread.sleep(25);
            }
        } catch (InterruptedException e) {
            throw new IOException(e);
        }
    }

    private void awaitOthers() throws IOException {
        CountDownLatch others = together;
        if (others != null) {
            others.countDown();
            await(others);
        }
    }

    private void awaitStall(HttpExchange exchange) throws IOException {
        CountDownLatch latch = stall;
        if (latch != null) {
            exchange.getResponseBody().flush();
            await(latch);
        }
    }

    private static void await(CountDownLatch latch) throws IOException {
        try {
            if (!latch.await(20, TimeUnit.SECONDS)) {
                throw new IOException("nobody came");
            }
        } catch (InterruptedException e) {
            throw new IOException(e);
        }
    }

    private static Asked asked(HttpExchange exchange) {
        return new Asked(
                exchange.getRequestMethod(),
                exchange.getRequestURI().getPath(),
                Optional.ofNullable(exchange.getRequestHeaders().getFirst("Authorization")),
                Optional.ofNullable(exchange.getRequestHeaders().getFirst("Range")));
    }

    @Override
    public void close() {
        hub.stop(0);
        store.stop(0);
        threads.shutdownNow();
    }
}
