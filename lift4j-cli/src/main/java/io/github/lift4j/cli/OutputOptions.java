package io.github.lift4j.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.PrintWriter;
import java.util.Map;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import picocli.CommandLine.Spec.Target;

/** Words for a person, or one JSON object for a program; progress goes to standard error either way. */
final class OutputOptions {

    private static final ObjectMapper JSON = new ObjectMapper();

    @Spec(Target.MIXEE)
    private CommandSpec spec;

    @Option(names = "--json", description = "Prints one JSON object on standard output.")
    private boolean json;

    @Option(names = "--quiet", description = "Shows no progress.")
    private boolean quiet;

    boolean isJson() {
        return json;
    }

    PrintWriter out() {
        return spec.commandLine().getOut();
    }

    /** A listener that draws on standard error; close it when the work is over. */
    ProgressDisplay progress() {
        return new ProgressDisplay(quiet);
    }

    /** Prints the result in the form that was asked for. */
    void print(Map<String, ?> result, String words) {
        if (!json) {
            out().println(words);
        } else {
            try {
                out().println(JSON.writeValueAsString(result));
            } catch (JsonProcessingException e) {
                throw new IllegalStateException("a result could not be written as JSON", e);
            }
        }
        out().flush();
    }

    /** Shows a line for people at once, where the next may take an hour. */
    void say(String line) {
        if (!isJson()) {
            out().println(line);
            out().flush();
        }
    }
}
