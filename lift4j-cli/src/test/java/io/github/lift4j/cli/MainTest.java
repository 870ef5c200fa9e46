package io.github.lift4j.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

class MainTest {

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @Test
    void saysItsVersion() {
        assertThat(lift("--version")).isZero();
        assertThat(out.toString()).startsWith("lift4j ");
        assertThat(err.toString()).isEmpty();
    }

    @Test
    void anUnknownOptionIsWrongUse() {
        assertThat(lift("--colour")).isEqualTo(2);
        assertThat(err.toString()).contains("--colour").contains("Usage: lift");
        assertThat(out.toString()).isEmpty();
    }

    @Test
    void noCommandIsWrongUse() {
        assertThat(lift()).isEqualTo(2);
        assertThat(err.toString()).contains("needs a command");
    }

    @Test
    void memoryThatRanOutIsNoFaultOfTheProgram() {
        assertThat(Main.sentence(new RuntimeException("CUDA out of memory. Tried to allocate 34.00 MiB.")))
                .contains("not enough memory")
                .contains("step_tokens");
        assertThat(Main.sentence(new IllegalStateException("an odd state"))).contains("wrong in lift4j itself");
    }

    private int lift(String... arguments) {
        return new CommandLine(new Main())
                .setOut(new PrintWriter(out, true))
                .setErr(new PrintWriter(err, true))
                .execute(arguments);
    }
}
