package io.github.lift4j.remote;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.lift4j.engine.LiftException;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EndpointTest {

    @Test
    void readsTheEnvironment() {
        Endpoint own = Endpoint.from(Map.of("OPENAI_API_KEY", " sk-1 "));
        Endpoint other = Endpoint.from(Map.of("OPENAI_BASE_URL", "http://localhost:8080/v1/"));

        assertThat(own.baseUrl()).isEqualTo("https://api.openai.com/v1");
        assertThat(own.apiKey()).isEqualTo("sk-1");
        assertThat(other.baseUrl()).isEqualTo("http://localhost:8080/v1");
        assertThat(other.apiKey()).isNotBlank();
    }

    @Test
    void saysWhichVariableIsMissing() {
        assertThatThrownBy(() -> Endpoint.from(Map.of("OPENAI_API_KEY", "")))
                .isInstanceOf(LiftException.class)
                .hasMessageContaining("set OPENAI_API_KEY");
    }

    @Test
    void takesAnotherAddressAndAnotherKeysVariable() {
        Map<String, String> environment =
                Map.of("OPENAI_API_KEY", "sk-1", "OPENAI_BASE_URL", "https://one/v1", "OTHER", "sk-2");
        Endpoint other = Endpoint.from(environment, Optional.of("https://two/v1"), "OTHER");
        assertThat(other.baseUrl()).isEqualTo("https://two/v1");
        assertThat(other.apiKey()).isEqualTo("sk-2");
        assertThatThrownBy(() -> Endpoint.from(environment, Optional.empty(), "MISSING"))
                .isInstanceOf(LiftException.class)
                .hasMessageContaining("no key in MISSING");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "localhost:8080", "ftp://host/v1", "http://", "https://me:secret@host/v1", "http://a b"})
    void refusesWhatIsNoAddress(String baseUrl) {
        assertThatThrownBy(() -> Endpoint.of(baseUrl, "key"))
                .isInstanceOf(LiftException.class)
                .hasMessageContaining("is no endpoint's address");
    }

    @ParameterizedTest
    @ValueSource(strings = {"sk-1\n", "sk 1", "schlüssel"})
    void refusesAKeyThatWouldBreakTheRequest(String key) {
        assertThatThrownBy(() -> Endpoint.of("https://host/v1", key))
                .isInstanceOf(LiftException.class)
                .hasMessageContaining("copy it again")
                .hasMessageNotContaining(key);
    }

    @Test
    void doesNotShowTheKey() {
        assertThat(Endpoint.of("https://host/v1", "sk-secret")).hasToString("https://host/v1");
    }
}
