package io.github.lift4j.server.store;

/** Makes of what a client calls its file a name that is safe in a folder of its own. */
final class FileName {

    /** Characters: in UTF-8 at most 240 bytes, which every file system takes. */
    private static final int LONGEST = 60;

    private static final String UNNAMED = "document";

    private FileName() {}

    /** The last part of a path without anything but letters, digits, spaces and {@code . _ -}; its ending survives. */
    static String safe(String uploaded) {
        String last = uploaded.substring(Math.max(uploaded.lastIndexOf('/'), uploaded.lastIndexOf('\\')) + 1);
        String tame = last.replaceAll("[^\\p{L}\\p{M}\\p{Nd} ._-]", "_").replaceAll("^[. ]+|[. ]+$", "");
        if (tame.codePointCount(0, tame.length()) > LONGEST) {
            // The ending says the format, so it is the front that goes.
            tame = tame.substring(tame.offsetByCodePoints(tame.length(), -LONGEST))
                    .replaceAll("^[. ]+", "");
        }
        return tame.isEmpty() ? UNNAMED : tame;
    }
}
