package io.github.lift4j.spring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.langchain4j.model.chat.ChatModel;
import dev.langchain4j.model.chat.StreamingChatModel;
import io.github.lift4j.Lift;
import io.github.lift4j.answer.Mode;
import io.github.lift4j.engine.LiftException;
import io.github.lift4j.langchain4j.LiftChatModel;
import io.github.lift4j.langchain4j.LiftStreamingChatModel;
import io.github.lift4j.langchain4j.LiftTalk;
import io.github.lift4j.memory.Memory;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.diagnostics.FailureAnalyzer;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.core.io.support.SpringFactoriesLoader;
import org.springframework.core.io.support.SpringFactoriesLoader.FailureHandler;

class LiftAutoConfigurationTest {

    private static final String QUESTION = "How many gulls on day 7?";

    @TempDir
    private static Path folder;

    private static ApplicationContextRunner application;
    private static ApplicationContextRunner withMemory;

    @BeforeAll
    static void absorb() throws IOException {
        Path model = TinyLift.copyTo(folder.resolve("model"));
        Path memory = folder.resolve("gulls.memory");
        try (Lift lift = TinyLift.open(model)) {
            TinyLift.absorb(lift, memory);
        }
        application = new ApplicationContextRunner()
                .withConfiguration(AutoConfigurations.of(LiftAutoConfiguration.class, LiftChatAutoConfiguration.class))
                .withPropertyValues("lift4j.model=" + model, "lift4j.device=cpu", "lift4j.dtype=float32");
        withMemory = application.withPropertyValues("lift4j.memory=" + memory);
    }

    @Test
    void theChatModelsAnswerFromTheMemory() {
        withMemory.withPropertyValues("lift4j.mode=lift").run(context -> {
            Memory memory = context.getBean(Memory.class);
            assertThat(memory.folder()).isEqualTo(folder.resolve("gulls.memory"));
            String answer = context.getBean(ChatModel.class).chat(QUESTION);
            try (LiftTalk talk = LiftTalk.open(context.getBean(Lift.class), memory, Mode.LIFT)) {
                assertThat(answer).isEqualTo(LiftChatModel.of(talk).chat(QUESTION));
            }
            assertThat(context)
                    .hasSingleBean(LiftStreamingChatModel.class)
                    .hasSingleBean(StreamingChatModel.class)
                    .hasSingleBean(LiftTalk.class);
        });
    }

    @Test
    void allIsClosedWithTheApplication() {
        AtomicReference<LiftChatModel> kept = new AtomicReference<>();
        withMemory.run(context -> kept.set(context.getBean(LiftChatModel.class)));
        assertThatThrownBy(() -> kept.get().chat(QUESTION))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("closed");
    }

    @Test
    void withoutAMemoryThereIsOnlyTheModel() {
        application.run(context -> assertThat(context)
                .hasSingleBean(Lift.class)
                .doesNotHaveBean(Memory.class)
                .doesNotHaveBean(LiftTalk.class)
                .doesNotHaveBean(ChatModel.class));
    }

    @Test
    void withoutLangChain4jThereAreNoChatModels() {
        withMemory
                .withClassLoader(new FilteredClassLoader("io.github.lift4j.langchain4j", "dev.langchain4j"))
                .run(context -> assertThat(context)
                        .hasNotFailed()
                        .hasSingleBean(Memory.class)
                        .doesNotHaveBean("liftChatModel"));
    }

    @Test
    void anApplicationsOwnBeansTakePrecedence() {
        try (Lift own = TinyLift.open(folder.resolve("model"))) {
            withMemory
                    .withBean("own", Lift.class, () -> own)
                    .run(context -> assertThat(context)
                            .hasSingleBean(Lift.class)
                            .getBean(Lift.class)
                            .isSameAs(own));
        }
    }

    @Test
    void aFolderWithoutAMemoryIsToldInOneSentence() {
        Path empty = folder.resolve("nothing.memory");
        application.withPropertyValues("lift4j.memory=" + empty).run(context -> {
            assertThat(context).hasFailed();
            assertThat(context.getStartupFailure())
                    .hasRootCauseInstanceOf(LiftException.class)
                    .rootCause()
                    .hasMessageStartingWith("There is no memory in " + empty)
                    .hasMessageContaining("lift4j.memory");
            assertThat(new LiftFailureAnalyzer()
                            .analyze(context.getStartupFailure())
                            .getDescription())
                    .startsWith("There is no memory in " + empty);
        });
    }

    @Test
    void aModeThatIsNoneOrLacksItsSourceFailsAtTheStart() {
        withMemory
                .withPropertyValues("lift4j.mode=guess")
                .run(context -> assertThat(context.getStartupFailure())
                        .rootCause()
                        .hasMessageContaining("'guess' is no answering mode"));
        withMemory
                .withPropertyValues("lift4j.mode=rag")
                .run(context -> assertThat(context.getStartupFailure())
                        .rootCause()
                        .hasMessageContaining("add lift4j-retrieval"));
    }

    @Test
    void aModeWithEvidenceHasItFromWhereThePropertySays() {
        withMemory
                .withPropertyValues("lift4j.mode=lift+evidence", "lift4j.evidence=recall")
                .run(context -> assertThat(context.getBean(ChatModel.class).chat(QUESTION))
                        .isNotNull());
    }

    @Test
    void springFindsWhatIsHereAndEditorsKnowTheProperties() throws IOException {
        // Some of Spring's own need an application to be made; they are passed over.
        FailureHandler passOver = FailureHandler.handleMessage((message, failure) -> {});
        assertThat(SpringFactoriesLoader.forDefaultResourceLocation().load(FailureAnalyzer.class, passOver))
                .hasAtLeastOneElementOfType(LiftFailureAnalyzer.class);
        assertThat(resource("META-INF/spring/org.springframework.boot.autoconfigure.AutoConfiguration.imports")
                        .lines())
                .containsExactly(LiftAutoConfiguration.class.getName(), LiftChatAutoConfiguration.class.getName());
        assertThat(resource("META-INF/spring-configuration-metadata.json"))
                .contains("lift4j.model", "lift4j.device", "lift4j.dtype", "lift4j.memory", "lift4j.mode");
    }

    /** Of this module; another jar may have one of that name too. */
    private static String resource(String name) throws IOException {
        try (InputStream in =
                Path.of("target/classes").resolve(name).toUri().toURL().openStream()) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
