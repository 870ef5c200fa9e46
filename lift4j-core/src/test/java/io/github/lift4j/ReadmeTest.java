package io.github.lift4j;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.tools.DiagnosticCollector;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The Java in the README is Java, and at most ten lines of it. */
class ReadmeTest {

    private static final Pattern JAVA = Pattern.compile("```java\\n(.*?)```", Pattern.DOTALL);

    @Test
    void theLinesOfJavaCompile(@TempDir Path classes) throws IOException {
        Matcher example = JAVA.matcher(Files.readString(Path.of("../README.md")));
        assertThat(example.find()).isTrue();
        String lines = example.group(1);
        assertThat(lines.lines().count()).isLessThanOrEqualTo(10);
        String program = """
                import io.github.lift4j.*;
                import io.github.lift4j.answer.*;
                import io.github.lift4j.memory.*;
                import java.nio.file.*;
                class Example { void run() throws Exception {
                %s
                } }
                """.formatted(lines);
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        DiagnosticCollector<JavaFileObject> problems = new DiagnosticCollector<>();
        List<String> options = List.of("-d", classes.toString(), "-cp", System.getProperty("java.class.path"));
        boolean compiled = compiler.getTask(null, null, problems, options, null, List.of(source(program)))
                .call();
        assertThat(compiled).as(problems.getDiagnostics().toString()).isTrue();
    }

    private static JavaFileObject source(String text) {
        return new SimpleJavaFileObject(URI.create("string:///Example.java"), JavaFileObject.Kind.SOURCE) {
            @Override
            public CharSequence getCharContent(boolean ignoreEncodingErrors) {
                return text;
            }
        };
    }
}
