package io.github.lift4j.cli;

import io.github.lift4j.engine.LiftException;
import io.github.lift4j.server.store.Key;
import io.github.lift4j.server.store.KeyRing;
import io.github.lift4j.server.store.Scope;
import io.github.lift4j.server.store.Tenant;
import java.nio.file.Path;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code lift keys}: who may call {@code lift serve}. */
@Command(
        name = "keys",
        mixinStandardHelpOptions = true,
        description = "Makes, lists and removes API keys of lift serve, also while it runs.",
        footer = {
            "",
            "From the first key on every call needs one. Tenants do not see each other's files, jobs and memories.",
            "",
            "Examples:",
            "  lift keys add laptop --data lift-data",
            "  lift keys add contracts --tenant legal --scopes read,write",
            "  lift keys add prometheus --scopes metrics"
        })
final class KeysCommand implements Runnable {

    @Spec
    private CommandSpec spec;

    /** Where the keys are. */
    static final class Data {

        @Option(
                names = "--data",
                paramLabel = "DIR",
                defaultValue = "lift-data",
                description = "The data folder of lift serve (default: ${DEFAULT-VALUE}).")
        private Path folder;
    }

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "keys needs one of: add, list, remove.");
    }

    @Command(description = "Makes a key and shows it, once.", mixinStandardHelpOptions = true)
    int add(
            @Parameters(paramLabel = "NAME", description = "What to call it.") String name,
            @Option(
                            names = "--tenant",
                            defaultValue = "local",
                            description =
                                    "Whose files, jobs and memories it opens (default: ${DEFAULT-VALUE}, whose are"
                                            + " those made without a key).")
                    String tenant,
            @Option(
                            names = "--scopes",
                            split = ",",
                            defaultValue = "read,write",
                            description =
                                    "What it opens: read (see and ask), write (upload, make jobs, delete), metrics"
                                            + " (default: ${DEFAULT-VALUE}).")
                    List<String> scopes,
            @Mixin Data data,
            @Mixin OutputOptions output) {
        String secret = KeyRing.in(data.folder, keys -> keys.add(name, new Tenant(tenant), Scope.parse(scopes)));
        output.print(
                Map.of("name", name, "tenant", tenant, "scopes", scopes, "key", secret),
                secret + System.lineSeparator() + "This is shown once: keep it where only " + name + " reads it.");
        return 0;
    }

    @Command(description = "Lists the keys, without what is secret.", mixinStandardHelpOptions = true)
    int list(@Mixin Data data, @Mixin OutputOptions output) {
        List<Key> keys = KeyRing.anyIn(data.folder) ? KeyRing.in(data.folder, KeyRing::list) : List.of();
        String words = keys.stream().map(KeysCommand::words).collect(Collectors.joining(System.lineSeparator()));
        output.print(
                Map.of("keys", keys.stream().map(KeysCommand::row).toList()),
                keys.isEmpty() ? "No keys yet: lift keys add NAME" : words);
        return 0;
    }

    private static String words(Key key) {
        return String.format(
                Locale.ROOT,
                "%-24s %-16s %-20s made %s, %s",
                key.name(),
                key.tenant().id(),
                String.join(",", scopes(key)),
                Instant.ofEpochSecond(key.createdAt()),
                key.usedAt().map(at -> "used " + Instant.ofEpochSecond(at)).orElse("never used"));
    }

    private static Map<String, Object> row(Key key) {
        Map<String, Object> row = new LinkedHashMap<>();
        row.put("name", key.name());
        row.put("tenant", key.tenant().id());
        row.put("scopes", scopes(key));
        row.put("created_at", key.createdAt());
        row.put("used_at", key.usedAt().orElse(null));
        return row;
    }

    private static List<String> scopes(Key key) {
        return key.scopes().stream().sorted().map(Scope::word).toList();
    }

    @Command(
            description = "Removes a key: nothing is opened by it any more, also where the service runs.",
            mixinStandardHelpOptions = true)
    int remove(
            @Parameters(paramLabel = "NAME", description = "A name that list shows.") String name,
            @Mixin Data data,
            @Mixin OutputOptions output) {
        if (!KeyRing.anyIn(data.folder)) {
            throw new LiftException(
                    "There are no keys in " + data.folder + ": name the data folder of lift serve with --data.");
        }
        KeyRing.in(data.folder, keys -> {
            keys.remove(name);
            return keys.any();
        });
        output.print(Map.of("name", name, "removed", true), "Removed the key " + name + ".");
        return 0;
    }
}
