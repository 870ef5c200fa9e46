package io.github.lift4j.evaluation.judge;

import java.util.List;
import java.util.OptionalDouble;
import java.util.stream.IntStream;

/**
 * How far a judge agrees with people.
 *
 * @param items answers that both judged
 * @param undecided answers that the judge did not decide; they count in neither figure
 * @param accuracy share of the items on which they agree, 0 to 1
 * @param kappa Cohen's kappa (1960): {@code (p_o - p_e) / (1 - p_e)}, with p_o the accuracy and p_e what two would agree on
 *     by chance who say true as often as these; 1 for full agreement, 0 for chance. Where both always say the same one word
 *     it is not defined, and empty
 */
public record JudgeAgreement(int items, int undecided, double accuracy, OptionalDouble kappa) {

    /**
     * Has the judge decide what people have decided.
     *
     * @param labels at least one
     * @throws io.github.lift4j.engine.LiftException where the judge cannot be had
     */
    public static JudgeAgreement of(Judge judge, List<HumanLabel> labels) {
        return of(
                judge.answers(labels.stream().map(HumanLabel::answer).toList()),
                labels.stream().map(HumanLabel::same).toList());
    }

    /**
     * Compares decisions.
     *
     * @param judged 1 or 0, or empty, for each
     * @param people as many
     */
    static JudgeAgreement of(List<OptionalDouble> judged, List<Boolean> people) {
        int[] decided = IntStream.range(0, judged.size())
                .filter(i -> judged.get(i).isPresent())
                .toArray();
        double items = decided.length;
        if (items == 0) {
            return new JudgeAgreement(0, judged.size(), 0, OptionalDouble.empty());
        }
        double judgeTrue = IntStream.of(decided).filter(i -> truth(judged, i)).count() / items;
        double peopleTrue = IntStream.of(decided).filter(people::get).count() / items;
        double agreed = IntStream.of(decided)
                        .filter(i -> truth(judged, i) == people.get(i))
                        .count()
                / items;
        double chance = judgeTrue * peopleTrue + (1 - judgeTrue) * (1 - peopleTrue);
        return new JudgeAgreement(
                decided.length,
                judged.size() - decided.length,
                agreed,
                chance == 1 ? OptionalDouble.empty() : OptionalDouble.of((agreed - chance) / (1 - chance)));
    }

    private static boolean truth(List<OptionalDouble> judged, int i) {
        return judged.get(i).orElseThrow() == 1;
    }
}
