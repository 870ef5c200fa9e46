package io.github.lift4j.answer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.lift4j.engine.LiftException;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ModeTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "base",
                "icl",
                "lift",
                "lift+icl",
                "lift+at+icl",
                "sft+icl",
                "sft+lift+icl",
                "sft+lift+at+icl",
                "evidence+icl",
                "lift+evidence+icl",
                "rag"
            })
    void aNameIsThatOfItsParts(String name) {
        assertThat(Mode.parse(name)).hasToString(name);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "magic", "lift+", "+icl", "lift+lift", "at+icl", "rag+icl", "LIFT"})
    void anythingElseIsRefusedInWords(String name) {
        assertThatThrownBy(() -> Mode.parse(name)).isInstanceOf(LiftException.class);
    }
}
