package io.github.lift4j.server.http;

import io.github.lift4j.engine.LiftException;
import io.javalin.http.Context;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * What is this machine. While there are no keys, only programs on it may call. A page of some other site in a browser on it
 * may not, though its calls come from here too: they carry the site's name as their origin, or, where that name was made to
 * point here, as their host.
 */
public final class Loopback {

    private static final Pattern NAMES = Pattern.compile("localhost|127(\\.\\d+){3}|\\[::1]");

    private Loopback() {}

    /** Whether only this machine can reach a host. @throws LiftException where there is no such address */
    public static boolean is(String host) {
        return address(host).isLoopbackAddress();
    }

    static InetAddress address(String host) {
        try {
            return InetAddress.getByName(host);
        } catch (UnknownHostException e) {
            throw new LiftException("There is no address '" + host + "': use --host 127.0.0.1.", e);
        }
    }

    /** Refuses what a page of another site sent. */
    static void check(Context request) {
        String host = Optional.ofNullable(request.header("Host")).orElse("");
        if (!ours(host.replaceFirst(":\\d+$", ""))) {
            throw ApiException.forbidden("The host '" + host + "' is not this machine: call 127.0.0.1 or localhost.");
        }
        String origin = Optional.ofNullable(request.header("Origin")).orElse("");
        if (!origin.isEmpty() && !ours(hostOf(origin))) {
            throw ApiException.forbidden("Pages of " + origin + " may not call this service.");
        }
    }

    private static boolean ours(String host) {
        return NAMES.matcher(host).matches();
    }

    private static String hostOf(String origin) {
        try {
            return Optional.ofNullable(URI.create(origin).getHost()).orElse("");
        } catch (IllegalArgumentException noAddress) {
            // An origin that is none, such as "null" of a sandboxed page, is nobody's.
            return "";
        }
    }
}
