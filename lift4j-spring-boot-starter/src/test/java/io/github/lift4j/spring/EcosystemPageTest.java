package io.github.lift4j.spring;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import javax.tools.DiagnosticCollector;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The Java in docs/ecosystem.md is Java, and at most ten lines of it each. */
class EcosystemPageTest {

    private static final Pattern JAVA = Pattern.compile("```java\\n(.*?)```", Pattern.DOTALL);

    @Test
    void theLinesOfJavaCompile(@TempDir Path classes) throws IOException {
        List<String> examples = JAVA.matcher(Files.readString(Path.of("../docs/ecosystem.md")))
                .results()
                .map((MatchResult result) -> result.group(1))
                .toList();
        assertThat(examples).hasSize(2);
        for (String lines : examples) {
            assertThat(lines.lines().count()).isLessThanOrEqualTo(10);
            DiagnosticCollector<JavaFileObject> problems = new DiagnosticCollector<>();
            List<String> options = List.of("-d", classes.toString(), "-cp", System.getProperty("java.class.path"));
            boolean compiled = ToolProvider.getSystemJavaCompiler()
                    .getTask(null, null, problems, options, null, List.of(source(program(lines))))
                    .call();
            assertThat(compiled).as(problems.getDiagnostics().toString()).isTrue();
        }
    }

    /** A class as it is; statements in a method. */
    private static String program(String lines) {
        String types =
                lines.startsWith("@") ? lines : "class Example { void run() throws Exception {\n" + lines + "} }";
        return """
                import dev.langchain4j.service.*;
                import io.github.lift4j.*;
                import io.github.lift4j.answer.*;
                import io.github.lift4j.langchain4j.*;
                import io.github.lift4j.memory.*;
                import java.nio.file.*;
                import org.springframework.stereotype.*;
                """ + types;
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
