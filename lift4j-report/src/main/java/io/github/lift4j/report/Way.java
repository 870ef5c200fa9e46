package io.github.lift4j.report;

import java.util.List;

/**
 * How questions were answered.
 *
 * @param mode as the unit names it
 * @param recipe by which documents were absorbed; empty where the mode needs none
 */
record Way(String mode, String recipe) {

    static Way of(Answer answer) {
        String mode = answer.found().mode();
        return new Way(mode, Answer.absorbs(mode) ? answer.recipe() : "");
    }

    /** The ways of some answers, in their order. */
    static List<Way> of(List<Answer> answers) {
        return answers.stream().map(Way::of).distinct().toList();
    }

    /** The answers of this way. */
    List<Answer> among(List<Answer> answers) {
        return answers.stream().filter(answer -> of(answer).equals(this)).toList();
    }

    @Override
    public String toString() {
        return recipe.isEmpty() ? mode : mode + ", " + recipe;
    }
}
