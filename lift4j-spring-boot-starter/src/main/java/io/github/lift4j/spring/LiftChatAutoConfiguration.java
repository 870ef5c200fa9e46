package io.github.lift4j.spring;

import io.github.lift4j.Lift;
import io.github.lift4j.answer.Mode;
import io.github.lift4j.langchain4j.LiftChatModel;
import io.github.lift4j.langchain4j.LiftStreamingChatModel;
import io.github.lift4j.langchain4j.LiftTalk;
import io.github.lift4j.memory.Memory;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.context.annotation.Bean;

/**
 * LangChain4j's chat models over the memory, where {@code lift4j-langchain4j} is on the class path. Both share one
 * {@link LiftTalk}, so answers are written one at a time.
 */
@AutoConfiguration(after = LiftAutoConfiguration.class)
@ConditionalOnClass(LiftTalk.class)
@ConditionalOnBean({Lift.class, Memory.class})
public final class LiftChatAutoConfiguration {

    @Bean(destroyMethod = "close")
    @ConditionalOnMissingBean
    LiftTalk liftTalk(Memory memory, Lift lift, LiftProperties properties) {
        Mode mode = Mode.parse(properties.mode());
        return mode.evidence()
                ? LiftTalk.open(lift, memory, mode, properties.evidence())
                : LiftTalk.open(lift, memory, mode);
    }

    @Bean
    @ConditionalOnMissingBean
    LiftChatModel liftChatModel(LiftTalk talk) {
        return LiftChatModel.of(talk);
    }

    @Bean
    @ConditionalOnMissingBean
    LiftStreamingChatModel liftStreamingChatModel(LiftTalk talk) {
        return LiftStreamingChatModel.of(talk);
    }
}
