package io.github.lift4j.evaluation.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.github.lift4j.evaluation.run.RecipeTrial.Outcome;
import io.github.lift4j.evaluation.run.RecipeTrial.Score;
import java.util.List;
import org.junit.jupiter.api.Test;

class RecipeTableTest {

    @Test
    void aDocumentCountsOnceHoweverManyQuestionsItHas() {
        RecipeTable table = new RecipeTable();
        table.add("a", outcome(List.of(new Score(1, 0.5), new Score(1, 0.5), new Score(1, 0.5))));
        table.add("a", outcome(List.of(new Score(3, 0.1))));
        table.add(RecipeTable.BASE, outcome(List.of(new Score(2, 0.5), new Score(2, 0.5), new Score(2, 0.5))));
        table.add(RecipeTable.BASE, outcome(List.of(new Score(4, 0))));
        RecipeTable.Row row = table.rows().getFirst();
        assertThat(row.recipe()).isEqualTo("a");
        assertThat(row.nll()).isCloseTo(2, within(1e-9));
        assertThat(row.f1()).isCloseTo(0.3, within(1e-9));
        assertThat(row.nllInterval().mean()).isCloseTo(1.5, within(1e-9));
        assertThat(row.f1OverBase().mean()).isCloseTo(0.025, within(1e-9));
        assertThat(row.taskSeconds()).isEqualTo(7);
        assertThat(table.rows().getLast().f1OverBase().low()).isZero();
    }

    private static Outcome outcome(List<Score> scores) {
        return new Outcome(scores, scores, 0.5, 0.25, 7, 9);
    }
}
