package io.github.lift4j.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.github.lift4j.Lift;
import io.github.lift4j.LiftOptions;
import io.github.lift4j.document.Passages;
import io.github.lift4j.engine.training.SoftTargets;
import io.github.lift4j.recipe.TaskSettings;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The default model studies a few sentences. */
@Tag("real")
class SelfStudyRealTest {

    private static final String TITLE = "The lighthouse of Varrow";
    private static final String TEXT = "The lighthouse of Varrow Island was built by Clara Winslow in 1871. "
            + "Its lamp burned whale oil until the electric cable from Dunmarrow was laid in 1912. "
            + "The keeper Thomas Quill lived in the tower with seven cats for thirty years. "
            + "In the storm of March 1889 the ship Golden Parsnip sank below the lighthouse. "
            + "Thomas Quill saved eleven sailors and was given a silver watch by the town of Dunmarrow.";

    @Test
    void theModelAsksAndAnswersAndItsDoubtsAreNoted() {
        try (Lift lift = Lift.open(LiftOptions.defaults().withDevice("cpu").withDtype("float32"))) {
            List<PreparedTask> tasks = study(lift, 7);
            assertThat(tasks).isNotEmpty();
            assertThat(tasks).usingRecursiveComparison().isEqualTo(study(lift, 7));
            assertThat(tasks.stream().map(task -> task.task().question()).toList())
                    .isNotEqualTo(study(lift, 8).stream()
                            .map(task -> task.task().question())
                            .toList());
            tasks.forEach(SelfStudyRealTest::check);
            assertThat(tasks)
                    .extracting(PreparedTask::teacher)
                    .anyMatch(Optional::isEmpty)
                    .anyMatch(Optional::isPresent);
        }
    }

    private static List<PreparedTask> study(Lift lift, long seed) {
        TaskSettings.SelfStudy settings =
                new TaskSettings.SelfStudy(3, 3, 0.7, TaskSettings.SelfStudy.Answers.BOTH, 24, 5);
        SelfStudy study = new SelfStudy(lift.model(), TITLE, TEXT, settings, seed);
        assertThat(study.units()).isEqualTo(2);
        return study.make(List.of(1, 0)).stream().flatMap(List::stream).toList();
    }

    private static void check(PreparedTask prepared) {
        assertThat(Passages.sentences(TEXT))
                .anyMatch(sentence -> sentence.span().equals(prepared.task().span()));
        assertThat(prepared.task().question()).endsWith("?");
        if (prepared.teacher().isEmpty()) {
            assertThat(TEXT).contains(prepared.task().answer());
            return;
        }
        SoftTargets teacher = prepared.teacher().get();
        assertThat(teacher.positions()).isEqualTo(prepared.answer().length);
        for (int i = 0; i < teacher.positions(); i++) {
            assertThat(teacher.ids()[i * 5]).isEqualTo(prepared.answer()[i]);
            double sum = 0;
            for (int k = 0; k < 5; k++) {
                sum += teacher.probabilities()[i * 5 + k];
            }
            assertThat(sum).isCloseTo(1, within(1e-5));
        }
    }
}
