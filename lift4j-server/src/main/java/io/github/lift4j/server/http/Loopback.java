package io.github.lift4j.server.http;

import io.github.lift4j.engine.LiftException;
import io.javalin.http.Context;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Who may call while there are no keys: programs on this machine. A page of some other site in a browser on this machine
 * may not, though its calls come from here too: they carry the site's name as their origin, or, where that name was made to
 * point here, as their host.
 */
public final class Loopback {

    private static final Pattern NAMES = Pattern.compile("localhost|127(\\.\\d+){3}|\\[::1]");

    private Loopback() {}

    /**
     * The address to listen on.
     *
     * @throws LiftException where others than this machine could reach it
     */
    public static InetAddress require(String host) {
        try {
            InetAddress address = InetAddress.getByName(host);
            if (address.isLoopbackAddress()) {
                return address;
            }
        } catch (UnknownHostException e) {
            throw new LiftException("There is no address '" + host + "': use --host 127.0.0.1.", e);
        }
        throw new LiftException("The service has no keys yet, so whoever reaches it may do everything, and '" + host
                + "' can be reached from other machines: use --host 127.0.0.1.");
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
