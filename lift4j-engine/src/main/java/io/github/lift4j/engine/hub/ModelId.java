package io.github.lift4j.engine.hub;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A model's name on the hub: {@code owner/name}, optionally with {@code @revision}, optionally with one GGUF file.
 * Its parts are safe as parts of a path: none can climb out of a folder.
 */
record ModelId(String owner, String name, String revision, Optional<String> file) {

    static final String MAIN = "main";

    private static final String WORD = "[A-Za-z0-9_](?:[A-Za-z0-9_]|[.-](?![.-]))*";
    private static final Pattern PATTERN = Pattern.compile(
            "(?<owner>W)/(?<name>W)(?:/(?<file>(?:[^/\\\\@]+/)*[^/\\\\@]+\\.gguf))?(?:@(?<revision>[A-Za-z0-9._/-]+))?"
                    .replace("W", WORD));

    /** Reads a name; empty if it cannot be one. The revision may stand behind the name or behind the file. */
    static Optional<ModelId> parse(String text) {
        Matcher matcher = PATTERN.matcher(text);
        if (!matcher.matches() || text.length() > 512) {
            return Optional.empty();
        }
        String revision = Optional.ofNullable(matcher.group("revision")).orElse(MAIN);
        Optional<String> file = Optional.ofNullable(matcher.group("file"));
        if (!isSafePath(revision) || !file.map(ModelId::isSafePath).orElse(true)) {
            return Optional.empty();
        }
        return Optional.of(new ModelId(matcher.group("owner"), matcher.group("name"), revision, file));
    }

    /** Whether a relative path, with slashes, stays in the folder it is resolved against. */
    static boolean isSafePath(String path) {
        if (path.isEmpty() || path.contains("\\") || path.contains(":") || path.indexOf('\0') >= 0) {
            return false;
        }
        for (String part : path.split("/", -1)) {
            if (part.isEmpty() || part.equals(".") || part.equals("..")) {
                return false;
            }
        }
        return true;
    }

    /** {@code owner/name}. */
    String repository() {
        return owner + "/" + name;
    }

    @Override
    public String toString() {
        return repository() + file.map(path -> "/" + path).orElse("") + (revision.equals(MAIN) ? "" : "@" + revision);
    }
}
