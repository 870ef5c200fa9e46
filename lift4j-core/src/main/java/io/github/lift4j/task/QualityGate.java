package io.github.lift4j.task;

import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Decides which generated tasks (section 3.2) are worth training on. A small model's questions are often about "this
 * sentence" and its answers loop; trained on as they are, they do harm. Tasks that a rule or a person made need no gate.
 *
 * <p>A task is refused for the first of these reasons that holds:
 *
 * <ol>
 *   <li>{@link Refusal#QUESTION_TOO_SHORT}, {@link Refusal#QUESTION_TOO_LONG}, {@link Refusal#ANSWER_TOO_SHORT},
 *       {@link Refusal#ANSWER_TOO_LONG}: outside of the {@link Settings}.
 *   <li>{@link Refusal#NOT_A_QUESTION}: it has no question mark (of any script) and does not begin with a question word or
 *       a request such as "list" or "explain" ({@code question-openings.txt}; English).
 *   <li>{@link Refusal#SELF_REFERENCE}: question or answer match one of the patterns in {@code self-reference.txt}
 *       (English). The document's title is taken out before: it may well be "The Passage".
 *   <li>{@link Refusal#REPEATS_QUESTION}: the answer's words begin with all of the question's, or are nearly the same.
 *   <li>{@link Refusal#LOOPS}: in question or answer, the same one to twelve words follow each other too often.
 *   <li>{@link Refusal#NEEDS_PASSAGE}: the question does not say what it is about. It must have a word that is not common
 *       ({@code common-words.txt}; English) and stands in the title or the passage, up to its ending. Where a pronoun
 *       comes before any such word ("What did he do with the letter?"), the question must name something: a word of the
 *       title, a number or a capitalised word.
 *   <li>{@link Refusal#SAYS_NOTHING}: the answer is longer than a few words ("No."), but none of them is news: a word of
 *       the passage that is not common and stands neither in the question nor in the title ("The title is a fascinating
 *       blend of ideas").
 *   <li>{@link Refusal#DUPLICATE}: the Jaccard index of its words (in lower case, without punctuation) with those of a
 *       question accepted before reaches the settings' threshold, and the numbers in both are the same.
 *   <li>{@link Refusal#FAILED_SELF_CHECK}: the caller's own check, which may ask a model and so comes last.
 * </ol>
 *
 * <p>All but the last two depend on the task alone, so the order in which tasks come decides only which of several
 * duplicates is kept. Belongs to one thread at a time.
 */
public final class QualityGate {

    private static final int LONGEST_LOOP = 12;
    private static final double SAYS_THE_SAME = 0.8;
    private static final int STEM = 5;
    private static final int FEW_WORDS = 3;
    private static final Set<String> OPENINGS = Set.copyOf(ResourceFile.lines("question-openings.txt"));
    private static final Set<String> PRONOUNS = Set.of("he", "she", "it", "they", "him", "her", "them");
    private static final Pattern QUESTION_MARK = Pattern.compile("[?¿\uFF1F\u061F\u037E\u055E\u1367\u2047]");
    private static final List<Pattern> SELF_REFERENCES = ResourceFile.lines("self-reference.txt").stream()
            .map(line -> Pattern.compile(line, Pattern.CASE_INSENSITIVE | Pattern.UNICODE_CASE))
            .toList();

    private final String title;
    private final Set<String> titleWords;
    private final Settings settings;
    private final Predicate<Task> selfCheck;
    private final SeenQuestions seen;

    /**
     * How strict a gate is.
     *
     * @param shortestQuestion in characters (UTF-16 units, white space at the ends left out), at least 1
     * @param longestQuestion in characters
     * @param shortestAnswer in characters, at least 1
     * @param longestAnswer in characters
     * @param duplicate least Jaccard index of the words of two questions that count as one, above 0 and at most 1
     * @param repeats how many times in a row the same words may not come, at least 2
     * @param repeatedWords how many words such a repetition has in all at least, so that "no, no, no" is no loop
     */
    public record Settings(
            int shortestQuestion,
            int longestQuestion,
            int shortestAnswer,
            int longestAnswer,
            double duplicate,
            int repeats,
            int repeatedWords) {

        /** What suits questions that a model asks about a few sentences. */
        public static final Settings DEFAULT = new Settings(8, 400, 1, 1200, 0.8, 3, 6);

        public Settings {
            if (shortestQuestion < 1 || shortestAnswer < 1) {
                throw new IllegalArgumentException("a question and an answer have at least 1 character");
            }
            if (!(duplicate > 0 && duplicate <= 1)) {
                throw new IllegalArgumentException(
                        "a Jaccard index lies above 0 and at most at 1, not at " + duplicate);
            }
            if (repeats < 2) {
                throw new IllegalArgumentException("what comes " + repeats + " times is not repeated");
            }
        }
    }

    /**
     * Makes a gate that has accepted nothing yet.
     *
     * @param title the document's title, as prompts name it
     * @param settings how strict it is
     * @param selfCheck whether the answer is right, as far as the caller can tell; asked last
     */
    public QualityGate(String title, Settings settings, Predicate<Task> selfCheck) {
        this.title = title.strip();
        this.titleWords = telling(Word.in(title)).collect(Collectors.toSet());
        this.settings = settings;
        this.selfCheck = selfCheck;
        this.seen = new SeenQuestions(settings.duplicate());
    }

    /** A gate with the default settings and no check of the caller's own. */
    public static QualityGate of(String title) {
        return new QualityGate(title, Settings.DEFAULT, task -> true);
    }

    /**
     * Judges a task. One that is not refused counts as accepted: the same question will be a duplicate from now on.
     *
     * @param passage the piece of the document that the task was made from, as its author had it in view
     * @return why it is refused, or empty
     */
    public Optional<Refusal> refusal(Task task, String passage) {
        Optional<Refusal> refusal =
                refusalBeforeCheck(task, passage).or(() -> when(!selfCheck.test(task), Refusal.FAILED_SELF_CHECK));
        if (refusal.isEmpty()) {
            seen.add(Word.in(task.question()));
        }
        return refusal;
    }

    /** What it is refused for without the caller's own check. One that is not refused does not count as accepted yet. */
    Optional<Refusal> refusalBeforeCheck(Task task, String passage) {
        List<Word> question = Word.in(task.question());
        return ofLength(task)
                .or(() -> ofForm(task, question))
                .or(() -> when(needsPassage(question, passage), Refusal.NEEDS_PASSAGE))
                .or(() -> when(saysNothing(question, Word.in(task.answer()), passage), Refusal.SAYS_NOTHING))
                .or(() -> when(seen.contains(question), Refusal.DUPLICATE));
    }

    private Optional<Refusal> ofLength(Task task) {
        int question = task.question().strip().length();
        int answer = task.answer().strip().length();
        return when(question < settings.shortestQuestion(), Refusal.QUESTION_TOO_SHORT)
                .or(() -> when(question > settings.longestQuestion(), Refusal.QUESTION_TOO_LONG))
                .or(() -> when(answer < settings.shortestAnswer(), Refusal.ANSWER_TOO_SHORT))
                .or(() -> when(answer > settings.longestAnswer(), Refusal.ANSWER_TOO_LONG));
    }

    private Optional<Refusal> ofForm(Task task, List<Word> question) {
        List<Word> answer = Word.in(task.answer());
        return when(!isQuestion(task.question(), question), Refusal.NOT_A_QUESTION)
                .or(() ->
                        when(refersToItself(task.question()) || refersToItself(task.answer()), Refusal.SELF_REFERENCE))
                .or(() -> when(repeats(question, answer), Refusal.REPEATS_QUESTION))
                .or(() -> when(loops(question) || loops(answer), Refusal.LOOPS));
    }

    private static Optional<Refusal> when(boolean holds, Refusal refusal) {
        return holds ? Optional.of(refusal) : Optional.empty();
    }

    private static boolean isQuestion(String text, List<Word> words) {
        return !words.isEmpty()
                && (QUESTION_MARK.matcher(text).find()
                        || OPENINGS.contains(words.getFirst().key()));
    }

    private boolean refersToItself(String text) {
        String rest = title.isEmpty() ? text : text.replace(title, "\"\"");
        return SELF_REFERENCES.stream()
                .anyMatch(pattern -> pattern.matcher(rest).find());
    }

    private static boolean repeats(List<Word> question, List<Word> answer) {
        List<String> asked = question.stream().map(Word::key).toList();
        List<String> said = answer.stream().map(Word::key).toList();
        return (said.size() >= asked.size() && said.subList(0, asked.size()).equals(asked))
                || SeenQuestions.jaccard(Set.copyOf(asked), Set.copyOf(said)) >= SAYS_THE_SAME;
    }

    /** Counts how far each word equals the one a period before: a run of k periods of that is said k + 1 times. */
    private boolean loops(List<Word> words) {
        List<String> keys = words.stream().map(Word::key).toList();
        for (int period = 1; period <= LONGEST_LOOP; period++) {
            int enough = Math.max(period * settings.repeats(), settings.repeatedWords()) - period;
            int run = 0;
            for (int i = period; i < keys.size(); i++) {
                run = keys.get(i).equals(keys.get(i - period)) ? run + 1 : 0;
                if (run >= enough) {
                    return true;
                }
            }
        }
        return false;
    }

    private boolean needsPassage(List<Word> question, String passage) {
        Set<String> known = telling(Word.in(passage)).collect(Collectors.toCollection(HashSet::new));
        known.addAll(titleWords);
        List<Word> subjects = question.stream()
                .filter(word -> !word.isCommon() && known.contains(stem(word)))
                .toList();
        if (subjects.isEmpty()) {
            return true;
        }
        int first = subjects.getFirst().start();
        boolean pronounFirst =
                question.stream().anyMatch(word -> word.start() < first && PRONOUNS.contains(word.key()));
        return pronounFirst
                && subjects.stream()
                        .noneMatch(word -> word.isCapitalised() || word.hasDigit() || titleWords.contains(stem(word)));
    }

    private boolean saysNothing(List<Word> question, List<Word> answer, String passage) {
        Set<String> news = telling(Word.in(passage)).collect(Collectors.toCollection(HashSet::new));
        news.removeAll(titleWords);
        telling(question).forEach(news::remove);
        return answer.size() > FEW_WORDS && telling(answer).noneMatch(news::contains);
    }

    private static Stream<String> telling(List<Word> words) {
        return words.stream().filter(word -> !word.isCommon()).map(QualityGate::stem);
    }

    /** "frozen" and "froze", "harbours" and "harbour": a word up to its ending, roughly. */
    private static String stem(Word word) {
        String key = word.key();
        return word.hasDigit() ? key : key.substring(0, Math.min(STEM, key.length()));
    }
}
