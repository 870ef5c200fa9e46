package io.github.lift4j.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.lift4j.server.store.KeyRing;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;

/** {@code lift keys} as a person types it. */
class KeysCommandTest {

    @TempDir
    private Path folder;

    private Path data;
    private StringWriter out;
    private StringWriter err;

    @BeforeEach
    void nothingSaid() {
        data = folder.resolve("data");
    }

    private int run(String... arguments) {
        out = new StringWriter();
        err = new StringWriter();
        CommandLine line = Main.commandLine().setOut(new PrintWriter(out)).setErr(new PrintWriter(err));
        String[] all = new String[arguments.length + 3];
        all[0] = "keys";
        System.arraycopy(arguments, 0, all, 1, arguments.length);
        all[arguments.length + 1] = "--data";
        all[arguments.length + 2] = data.toString();
        return line.execute(all);
    }

    @Test
    void aKeyIsMadeShownOnceListedAndRemoved() throws Exception {
        assertThat(run("list")).isZero();
        assertThat(out.toString()).contains("No keys yet");
        assertThat(data).doesNotExist();

        assertThat(run("add", "contracts", "--tenant", "legal", "--scopes", "read,metrics", "--json"))
                .isZero();
        JsonNode made = new ObjectMapper().readTree(out.toString());
        String secret = made.get("key").asText();
        assertThat(secret).startsWith("lift-").hasSize(48);
        assertThat(KeyRing.in(data, keys -> keys.find(secret))
                        .orElseThrow()
                        .tenant()
                        .id())
                .isEqualTo("legal");
        assertThat(run("add", "laptop")).isZero();

        assertThat(run("list", "--json")).isZero();
        JsonNode keys = new ObjectMapper().readTree(out.toString()).get("keys");
        assertThat(keys.findValuesAsText("name")).containsExactly("contracts", "laptop");
        assertThat(keys.findValuesAsText("tenant")).containsExactly("legal", "local");
        assertThat(keys.at("/0/scopes").toString()).isEqualTo("[\"read\",\"metrics\"]");
        assertThat(keys.at("/1/scopes").toString()).isEqualTo("[\"read\",\"write\"]");
        assertThat(keys.at("/0/used_at").isNumber()).isTrue();
        assertThat(keys.at("/1/used_at").isNull()).isTrue();
        assertThat(run("list")).isZero();
        assertThat(out.toString()).contains("contracts", "legal", "never used").doesNotContain(secret);

        assertThat(run("remove", "contracts")).isZero();
        assertThat(KeyRing.in(data, ring -> ring.find(secret)).isPresent()).isFalse();
    }

    @ParameterizedTest
    @CsvSource({
        "add|a b,1,letters",
        "add|a|--scopes|all,1,no scope 'all'",
        "add|a|--tenant|../x,1,letters",
        "add|taken,1,already",
        "remove|none,1,no key 'none'",
        "add,2,NAME"
    })
    void whatCannotBeIsSaidInOneSentence(String arguments, int code, String saying) {
        run("add", "taken");
        assertThat(run(arguments.split("\\|"))).isEqualTo(code);
        assertThat(err.toString()).contains(saying);
    }
}
