package io.github.lift4j.evidence;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class EvidenceTest {

    @Test
    void theBestPassagesThatFitAreKept() {
        assertThat(fitting(List.of("four", "eleven", "six"), 8)).containsExactly("four", "six");
        assertThat(fitting(List.of("four"), 4)).containsExactly("four");
        assertThat(fitting(List.of(), 4)).isEmpty();
    }

    @Test
    void ofABestThatIsTooLongItsBeginningIsKeptAlone() {
        assertThat(fitting(List.of("eleven", "six"), 5)).containsExactly("eleve");
    }

    @Test
    void whatIsRecalledIsReasonedOver() {
        List<String> asked = new ArrayList<>();
        List<String> recalled = new Evidence.Recalled(9).about("Kell", "Who built it?", message -> {
            asked.add(message);
            return "said " + asked.size();
        });
        assertThat(recalled).containsExactly("said 1", "said 2");
        assertThat(asked).allMatch(message -> message.contains("\"Kell\"") && message.contains("Who built it?"));
        assertThat(asked.getLast()).contains("said 1");
    }

    private static List<String> fitting(List<String> passages, int room) {
        return Evidence.fitting(passages, room, String::length, passage -> passage.substring(0, room));
    }
}
