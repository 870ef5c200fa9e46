package io.github.lift4j.server.store;

import io.github.lift4j.engine.LiftException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Pattern;

/**
 * The keys of a service. Of a key's secret only the SHA-256 is kept, which is enough for 256 random bits. They are looked up
 * anew at each call, so that a removed one opens nothing from then on.
 */
public final class KeyRing {

    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,63}");

    /** Seconds: being used is noted that often at most, as a note costs a write to the disk. */
    private static final long BETWEEN_NOTES = 60;

    private final Database database;
    private final Clock clock;

    public KeyRing(Database database, Clock clock) {
        this.database = database;
        this.clock = clock;
    }

    /** Whether a data folder has keys; where there is no such folder yet, none is made. */
    public static boolean anyIn(Path root) {
        return Files.exists(DataFolder.database(root)) && in(root, KeyRing::any);
    }

    /**
     * Does something with the keys of a data folder, also while a service has it. A folder that is not there is made.
     *
     * @throws LiftException where it cannot be
     */
    public static <T> T in(Path root, Function<KeyRing, T> work) {
        DataFolder.make(root);
        try (Database database = Database.open(DataFolder.database(root))) {
            return work.apply(new KeyRing(database, Clock.systemUTC()));
        }
    }

    /** Whether there are any. */
    public boolean any() {
        return database.one("SELECT 1 FROM keys LIMIT 1", row -> row.getInt(1)).isPresent();
    }

    /**
     * Makes a key.
     *
     * @return its secret, which nobody can tell later
     * @throws LiftException where the name or the tenant's is none, or the name is taken
     */
    public String add(String name, Tenant tenant, Set<Scope> scopes) {
        for (String word : List.of(name, tenant.id())) {
            if (!NAME.matcher(word).matches()) {
                throw new LiftException("Keys and tenants are called by 1 to 64 letters, digits, dots, hyphens and"
                        + " underscores, a letter or a digit first, not '" + word + "'.");
            }
        }
        String secret = "lift-" + Ids.secret();
        int added = database.change(
                "INSERT INTO keys (name, sha256, tenant, scopes, created_at) VALUES (?, ?, ?, ?, ?)"
                        + " ON CONFLICT (name) DO NOTHING",
                name,
                HexFormat.of().formatHex(hash(secret)),
                tenant.id(),
                Scope.words(scopes),
                now());
        if (added == 0) {
            throw new LiftException("There is a key '" + name + "' already: use another name, or remove that one.");
        }
        return secret;
    }

    /** All keys by their names. */
    public List<Key> list() {
        return database.all(
                "SELECT name, tenant, scopes, created_at, used_at FROM keys ORDER BY name", row -> read(row, 1));
    }

    /** Removes a key. @throws LiftException where there is none of that name */
    public void remove(String name) {
        if (database.change("DELETE FROM keys WHERE name = ?", name) == 0) {
            throw new LiftException("There is no key '" + name + "': lift keys list shows them.");
        }
    }

    /** The key of a secret; notes that it was used. How long that takes says nothing of how much of it is right. */
    public Optional<Key> find(String secret) {
        byte[] wanted = hash(secret);
        Optional<Key> found = Optional.empty();
        for (Hashed each : database.all(
                "SELECT sha256, name, tenant, scopes, created_at, used_at FROM keys",
                row -> new Hashed(HexFormat.of().parseHex(row.getString(1)), read(row, 2)))) {
            if (MessageDigest.isEqual(each.hash(), wanted)) {
                found = Optional.of(each.key());
            }
        }
        found.ifPresent(this::note);
        return found;
    }

    private void note(Key key) {
        if (key.usedAt().orElse(0L) <= now() - BETWEEN_NOTES) {
            database.change("UPDATE keys SET used_at = ? WHERE name = ?", now(), key.name());
        }
    }

    @SuppressWarnings("ArrayRecordComponent") // lives within one method, and is never compared
    private record Hashed(byte[] hash, Key key) {}

    private static Key read(ResultSet row, int first) throws SQLException {
        return new Key(
                row.getString(first),
                new Tenant(row.getString(first + 1)),
                Scope.parse(Arrays.asList(row.getString(first + 2).split(","))),
                row.getLong(first + 3),
                Job.seconds(row.getObject(first + 4)));
    }

    private static byte[] hash(String secret) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(secret.getBytes(StandardCharsets.UTF_8));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    private long now() {
        return clock.instant().getEpochSecond();
    }
}
