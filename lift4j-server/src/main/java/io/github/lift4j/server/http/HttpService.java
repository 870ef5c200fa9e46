package io.github.lift4j.server.http;

import io.github.lift4j.engine.LiftException;
import io.javalin.Javalin;
import io.javalin.compression.CompressionStrategy;
import io.javalin.config.JavalinConfig;
import io.javalin.http.Context;
import io.javalin.http.HttpResponseException;
import io.javalin.router.Endpoint;
import io.javalin.util.JavalinBindException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;

/** Routes on a port of this machine, each request on a virtual thread of its own. */
public final class HttpService implements AutoCloseable {

    private static final Logger LOG = System.getLogger(HttpService.class.getName());

    /** How long a connection may be silent: longer than an answer that is not streamed takes. */
    private static final Duration SILENCE = Duration.ofMinutes(10);

    private static final String ROUTE = "lift.route";

    /** Under this name Javalin tells which methods a path knows. */
    private static final String METHODS = "availableMethods";

    private final Javalin javalin;

    private HttpService(Javalin javalin) {
        this.javalin = javalin;
    }

    /**
     * Listens.
     *
     * @param port 0 for any that is free
     * @throws LiftException where the port is taken
     */
    public static HttpService start(String host, int port, List<Route> routes, Gate gate, Metrics metrics) {
        InetAddress address = Loopback.address(host);
        Javalin javalin = Javalin.create(config -> {
            configure(config, address, port);
            register(config, routes, gate, metrics);
        });
        try {
            return new HttpService(javalin.start());
        } catch (JavalinBindException e) {
            throw new LiftException(
                    "The port " + port + " of " + host + " cannot be listened on: name a free one with --port.", e);
        }
    }

    private static void configure(JavalinConfig config, InetAddress address, int port) {
        config.startup.showJavalinBanner = false;
        config.startup.showOldJavalinVersionWarning = false;
        config.startup.startupWatcherEnabled = false;
        config.concurrency.useVirtualThreads = true;
        config.http.prefer405over404 = true;
        // Compressed events would wait in the compressor.
        config.http.compressionStrategy = CompressionStrategy.NONE;
        config.jetty.modifyHttpConfiguration(http -> http.setSendServerVersion(false));
        config.jetty.modifyServer(HttpService::sayErrorsInOneShape);
        config.jetty.addConnector((server, http) -> {
            ServerConnector connector = new ServerConnector(server, new HttpConnectionFactory(http));
            connector.setHost(address.getHostAddress());
            connector.setPort(port);
            connector.setIdleTimeout(SILENCE.toMillis());
            return connector;
        });
    }

    /** What does not get as far as the routes is answered in the same shape. */
    private static void sayErrorsInOneShape(Server server) {
        server.setErrorHandler((request, response, callback) -> {
            ApiException refused = ApiException.of(
                    response.getStatus(), "The request cannot be read as HTTP allows it.", "invalid_request");
            SafeHeaders.ALL.forEach(response.getHeaders()::put);
            response.getHeaders().put(HttpHeader.CONTENT_TYPE, "application/json");
            Content.Sink.write(response, true, Json.write(refused.body()), callback);
            return true;
        });
    }

    private static void register(JavalinConfig config, List<Route> routes, Gate gate, Metrics metrics) {
        config.routes.before(request -> {
            metrics.begin(request);
            SafeHeaders.ALL.forEach(request::header);
            gate.pass(request);
        });
        for (Route route : routes) {
            config.routes.addEndpoint(new Endpoint(route.method(), route.path(), request -> {
                request.attribute(ROUTE, route.path());
                gate.admit(request, route);
                route.handler().handle(request);
            }));
        }
        config.routes.after(request -> metrics.end(
                request, Optional.<String>ofNullable(request.attribute(ROUTE)).orElse("other")));
        config.routes.exception(ApiException.class, HttpService::refuse);
        config.routes.exception(
                LiftException.class,
                (e, request) -> refuse(ApiException.malformed(String.valueOf(e.getMessage())), request));
        config.routes.exception(HttpResponseException.class, (e, request) -> {
            // What a path does know has to be said with a 405 (RFC 9110, 15.5.6).
            Optional.ofNullable(e.getDetails().get(METHODS)).ifPresent(methods -> request.header("Allow", methods));
            refuse(refused(e, request), request);
        });
        config.routes.exception(Exception.class, (e, request) -> {
            LOG.log(Level.ERROR, request.method() + " " + request.path() + " failed", e);
            refuse(ApiException.defect(), request);
        });
    }

    private static ApiException refused(HttpResponseException e, Context request) {
        return switch (e.getStatus()) {
            case 404 ->
                ApiException.of(
                        404, "There is no " + request.method() + " " + request.path() + " here.", "unknown_url");
            case 405 ->
                ApiException.of(405, request.path() + " does not know " + request.method() + ".", "unknown_method");
            default -> ApiException.of(e.getStatus(), String.valueOf(e.getMessage()), "invalid_request");
        };
    }

    private static void refuse(ApiException e, Context request) {
        if (request.res().isCommitted()) {
            return;
        }
        if (!Drain.all(request)) {
            request.header("Connection", "close");
        }
        e.retryAfter().ifPresent(seconds -> request.header("Retry-After", String.valueOf(seconds)));
        request.status(e.status());
        Json.send(request, e.body());
    }

    /** The port that is listened on. */
    public int port() {
        return javalin.port();
    }

    /** Takes no more requests; what is under way is cut off. */
    @Override
    public void close() {
        javalin.stop();
    }
}
