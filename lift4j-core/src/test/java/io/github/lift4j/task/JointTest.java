package io.github.lift4j.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class JointTest {

    @Provide
    Arbitrary<String> passages() {
        return Arbitraries.of("Ada sailed. ", "\t\n", "  ", "x".repeat(299), "\uD83D\uDEA2".repeat(101), "港は凍った。\r\n")
                .list()
                .ofMaxSize(12)
                .map(parts -> String.join("", parts));
    }

    @Property
    void showsTheEndOfOneAndTheBeginningOfTheOther(
            @ForAll("passages") String passage, @ForAll("passages") String next) {
        Joint joint = Joint.of(passage, next);
        String first = passage.strip().replaceAll("\\s+", " ");
        String second = next.strip().replaceAll("\\s+", " ");
        assertThat(first).endsWith(joint.end());
        assertThat(second).startsWith(joint.beginning());
        assertThat(Math.min(first.length(), 1200) - joint.end().length()).isBetween(0, 1);
        assertThat(Math.min(second.length(), 600) - joint.beginning().length()).isBetween(0, 1);
        for (String shown : List.of(joint.end(), joint.beginning())) {
            assertThat(StandardCharsets.UTF_8.newEncoder().canEncode(shown))
                    .as("no half of a pair")
                    .isTrue();
        }
        assertThat(joint.question()).contains(joint.end(), joint.beginning());
    }

    @Test
    void asksInTheseWords() {
        assertThat(Joint.of(" The ice\n broke. ", "\tAske took {end} and $1. ").question())
                .isEqualTo("""
                        A passage of a text ends like this:
                        The ice broke.

                        Another passage of the text begins like this:
                        Aske took {end} and $1.

                        Does the second passage follow right after the first? Answer yes or no.""");
    }

    @Property(tries = 100)
    void anOrderWhoseJointsAllAreLikelyIsFound(@ForAll @IntRange(min = 2, max = 7) int pieces, @ForAll long seed) {
        Random random = new Random(seed);
        List<Integer> order = new ArrayList<>(IntStream.range(0, pieces).boxed().toList());
        Collections.shuffle(order, random);
        double[][] odds = new double[pieces][pieces];
        for (double[] row : odds) {
            Arrays.setAll(row, i -> -random.nextDouble());
        }
        for (int i = 1; i < pieces; i++) {
            odds[order.get(i - 1)][order.get(i)] = random.nextDouble();
        }
        assertThat(JointOrder.of(odds)).isEqualTo(order);
    }

    @Test
    void oneGreatJointOutweighsSmallOnes() {
        double[][] odds = {{99, 1, 0}, {-5, 99, 0.5}, {7, -1, 99}};
        assertThat(JointOrder.of(odds)).containsExactly(2, 0, 1);
    }

    @Test
    void theFirstOfEqualOrdersIsTaken() {
        assertThat(JointOrder.of(new double[4][4])).containsExactly(0, 1, 2, 3);
        double[][] odds = {{0, 0, 0}, {2, 0, 0}, {2, 0, 0}};
        assertThat(JointOrder.of(odds)).containsExactly(1, 0, 2);
    }

    @Test
    void refusesWhatIsNoSquareOfAFewPieces() {
        for (double[][] odds : List.of(new double[1][1], new double[8][8], new double[3][2])) {
            assertThatThrownBy(() -> JointOrder.of(odds)).isInstanceOf(IllegalArgumentException.class);
        }
    }
}
