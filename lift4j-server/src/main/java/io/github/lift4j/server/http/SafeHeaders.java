package io.github.lift4j.server.http;

import java.util.Map;

/** What every answer tells a browser: it is no page, no part of one, and nothing to keep. A route may say otherwise. */
final class SafeHeaders {

    static final Map<String, String> ALL = Map.of(
            "X-Content-Type-Options", "nosniff",
            "Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'",
            "Referrer-Policy", "no-referrer",
            "Cache-Control", "no-store");

    private SafeHeaders() {}
}
