package io.github.lift4j.task;

import io.github.lift4j.recipe.TaskSettings;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.IntFunction;
import java.util.random.RandomGenerator;

/**
 * Makes auxiliary tasks (section 3.2) from a document by rule: no model is asked, and every answer is right by
 * construction. Where a sentence alone does not decide the answer (another one begins alike), no task is made of it.
 *
 * <p>The rules know no language: they take words and sentences from the JDK, so tables, programs and other scripts give
 * tasks too, if fewer. The wordings around the text are English ({@code <kind>.txt} beside this class).
 *
 * <p>Immutable; holds the document's sentences and an index of them.
 */
public final class RuleTasks {

    /** What is asked. The name in lower case is the tasks' {@linkplain Task#source source}. */
    public enum Kind {
        /** A sentence with one word left out: which is it? The span is the sentence. */
        CLOZE,
        /** How a sentence begins: how does it go on? The span is the sentence. */
        COMPLETION,
        /** A sentence: which comes right after it? The span is both. */
        NEXT,
        /** Two to five neighbouring passages, shuffled, as in {@link OrderingTask}. The span is all of them. */
        ORDERING,
        /**
         * A sentence and four others, A to D: which of them comes right after it? The answer is the letter. The span is the
         * sentence and the right one.
         */
        CHOICE,
        /** A name, number or rare word that stands in one sentence only: in which? The span is that sentence. */
        FIND;

        /** {@code cloze}, {@code completion} and so on. */
        public String source() {
            return name().toLowerCase(Locale.ROOT);
        }

        private Rule rule() {
            return switch (this) {
                case CLOZE -> new Cloze();
                case COMPLETION -> new Completion();
                case NEXT -> new Next();
                case ORDERING -> new Ordering(Ordering.SHORT);
                case CHOICE -> new Choice();
                case FIND -> new Find();
            };
        }
    }

    private final Material material;

    private RuleTasks(Material material) {
        this.material = material;
    }

    /**
     * Makes ready.
     *
     * @param title the document's, as the questions name it
     * @param text the document's
     */
    public static RuleTasks of(String title, String text) {
        return new RuleTasks(Material.of(title, text));
    }

    /**
     * Makes tasks from sentences anywhere in the document, no two with the same question.
     *
     * @param count how many at most, at least 0; a short document gives fewer, an empty one none
     * @param random the same state gives the same tasks
     */
    public List<Task> make(Kind kind, int count, RandomGenerator random) {
        return make(kind.rule(), count, random);
    }

    /**
     * Makes {@linkplain Kind#ORDERING ordering} tasks of passages of all lengths up to one.
     *
     * @param passage characters (UTF-16 units) of a passage at most, at least 1; it has one sentence at least
     * @param count how many at most, at least 0
     * @param random the same state gives the same tasks
     */
    public List<Task> makeOrdering(int passage, int count, RandomGenerator random) {
        return make(new Ordering(passage), count, random);
    }

    /**
     * Makes questions about {@linkplain Joint joints} of passages of all lengths up to one, in pairs: one to be answered yes,
     * and one about the same end to be answered no.
     *
     * @param passage characters (UTF-16 units) of a passage at most, at least {@link TaskSettings.Joints#SHORTEST}; it has
     *     one sentence at least
     * @param count how many at most, even and at least 0
     * @param random the same state gives the same tasks
     */
    public List<Task> makeJoints(int passage, int count, RandomGenerator random) {
        if (count % 2 != 0) {
            throw new IllegalArgumentException(count + " questions about joints are no pairs");
        }
        Joints joints = new Joints(TaskSettings.Joints.SHORTEST, passage);
        return make(sentence -> joints.at(sentence, material, random), count, random);
    }

    private List<Task> make(Rule rule, int count, RandomGenerator random) {
        return make(sentence -> rule.at(sentence, material, random).stream().toList(), count, random);
    }

    /**
     * Makes tasks at sentences anywhere.
     *
     * @param at what a sentence gives, all of which is taken or nothing
     */
    private List<Task> make(IntFunction<List<Task>> at, int count, RandomGenerator random) {
        List<Task> tasks = new ArrayList<>();
        Set<String> questions = new HashSet<>();
        int[] order = identity(material.size());
        // A shuffle that goes no further than it is needed.
        for (int i = 0; i < order.length && tasks.size() < count; i++) {
            int j = random.nextInt(i, order.length);
            int sentence = order[j];
            order[j] = order[i];
            List<Task> made = at.apply(sentence);
            List<String> asked = made.stream().map(Task::question).toList();
            if (Collections.disjoint(questions, asked)) {
                questions.addAll(asked);
                tasks.addAll(made);
            }
        }
        return tasks;
    }

    private static int[] identity(int length) {
        int[] identity = new int[length];
        for (int i = 0; i < length; i++) {
            identity[i] = i;
        }
        return identity;
    }
}
