package io.github.lift4j.spring;

import io.github.lift4j.Lift;
import io.github.lift4j.LiftOptions;
import io.github.lift4j.engine.LiftException;
import io.github.lift4j.memory.Memory;
import java.nio.file.Path;
import java.util.Objects;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;

/**
 * The base model, and the memory where {@code lift4j.memory} names one. The model is loaded at the start and closed with
 * the application. An application's own beans of these types take precedence.
 */
@AutoConfiguration
@EnableConfigurationProperties(LiftProperties.class)
public final class LiftAutoConfiguration {

    /** Stands before the model, so that a wrong folder is told before that is loaded. */
    @Bean
    @ConditionalOnMissingBean
    @ConditionalOnProperty("lift4j.memory")
    Memory liftMemory(LiftProperties properties) {
        String named = Objects.requireNonNull(properties.memory());
        Path folder = Path.of(named);
        if (!Memory.isIn(folder)) {
            throw new LiftException("There is no memory in " + folder.toAbsolutePath()
                    + ", which lift4j.memory names: absorb a document into it, or name the folder of a memory.");
        }
        return Memory.open(folder);
    }

    @Bean(destroyMethod = "close")
    @ConditionalOnMissingBean
    Lift lift(LiftProperties properties) {
        LiftOptions options =
                LiftOptions.defaults().withDevice(properties.device()).withDtype(properties.dtype());
        String model = properties.model();
        return Lift.open(model == null ? options : options.withModel(model));
    }
}
