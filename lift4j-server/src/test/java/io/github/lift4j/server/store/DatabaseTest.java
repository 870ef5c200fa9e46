package io.github.lift4j.server.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.lift4j.engine.LiftException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Data folders of earlier and later versions. */
class DatabaseTest {

    /** As the first version made them, with a file and a job. */
    private static final List<String> FIRST = List.of(
            """
            CREATE TABLE files (number INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL UNIQUE, tenant TEXT NOT NULL,
              name TEXT NOT NULL, purpose TEXT NOT NULL, bytes INTEGER NOT NULL, created_at INTEGER NOT NULL)""",
            """
            CREATE TABLE jobs (number INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL UNIQUE, tenant TEXT NOT NULL,
              status TEXT NOT NULL, model TEXT NOT NULL, base TEXT NOT NULL, file TEXT NOT NULL,
              memory TEXT NOT NULL UNIQUE, recipe TEXT NOT NULL, seed INTEGER NOT NULL, metadata TEXT NOT NULL,
              created_at INTEGER NOT NULL, finished_at INTEGER, trained_tokens INTEGER, error_code TEXT,
              error_message TEXT)""",
            """
            CREATE TABLE events (number INTEGER PRIMARY KEY AUTOINCREMENT, job TEXT NOT NULL REFERENCES jobs (id),
              level TEXT NOT NULL, message TEXT NOT NULL, data TEXT, created_at INTEGER NOT NULL)""",
            "CREATE INDEX events_of_job ON events (job, number)",
            "INSERT INTO files (id, tenant, name, purpose, bytes, created_at)"
                    + " VALUES ('file-1', 'local', 'a.txt', 'fine-tune', 10, 5)",
            "INSERT INTO jobs (id, tenant, status, model, base, file, memory, recipe, seed, metadata, created_at)"
                    + " VALUES ('ftjob-1', 'local', 'queued', 'm', 'b', 'file-1', 'memory-1', 'fast', 7, '{}', 6)",
            "INSERT INTO events (job, level, message, created_at) VALUES ('ftjob-1', 'info', 'The job was accepted.', 6)",
            "PRAGMA user_version = 1");

    @TempDir
    private Path folder;

    private void make(List<String> statements) throws SQLException {
        try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + folder.resolve("lift.db"));
                Statement statement = connection.createStatement()) {
            for (String each : statements) {
                statement.execute(each);
            }
        }
    }

    @Test
    void aFolderOfTheFirstVersionGoesOnAndCanHaveKeys() throws Exception {
        make(FIRST);
        Files.createDirectories(folder.resolve("files/file-1"));
        for (int i = 0; i < 2; i++) {
            try (Store store = Store.open(folder, Clock.systemUTC())) {
                assertThat(store.files().find(Tenant.LOCAL, "file-1"))
                        .contains(new StoredFile("file-1", "a.txt", "fine-tune", 10, 5));
                assertThat(store.jobs().find(Tenant.LOCAL, "ftjob-1").map(Job::status))
                        .contains(JobStatus.QUEUED);
                assertThat(store.jobs().memories()).containsExactly("memory-1");
                assertThat(store.events().list("ftjob-1", Optional.empty(), 10).items())
                        .extracting(JobEvent::message)
                        .containsExactly("The job was accepted.");
                assertThat(store.keys().any()).isEqualTo(i == 1);
                String secret = store.keys().add("key-" + i, new Tenant("t"), Set.of(Scope.READ, Scope.METRICS));
                assertThat(store.keys().find(secret).orElseThrow().scopes())
                        .containsExactlyInAnyOrder(Scope.READ, Scope.METRICS);
            }
        }
        assertThat(folder.resolve("files/file-1")).exists();
    }

    @Test
    void aFolderOfALaterVersionIsLeftAlone() throws Exception {
        make(List.of("PRAGMA user_version = 99"));
        assertThatThrownBy(() -> Store.open(folder, Clock.systemUTC()))
                .isInstanceOf(LiftException.class)
                .hasMessageContaining("version 99");
    }

    @Test
    void aKeyHasANameOfItsOwnThatIsOne() {
        KeyRing.in(folder, keys -> keys.add("a", Tenant.LOCAL, Set.of(Scope.READ)));
        for (String name : List.of("a", "", " a", "a b", "a\nb", "../a", "x".repeat(65))) {
            assertThatThrownBy(() -> KeyRing.in(folder, keys -> keys.add(name, Tenant.LOCAL, Set.of(Scope.READ))))
                    .isInstanceOf(LiftException.class);
            assertThatThrownBy(() ->
                            KeyRing.in(folder, keys -> keys.add("b", new Tenant(name + "!"), Set.of(Scope.READ))))
                    .isInstanceOf(LiftException.class);
        }
        assertThat(KeyRing.in(folder, KeyRing::list)).extracting(Key::name).containsExactly("a");
    }
}
