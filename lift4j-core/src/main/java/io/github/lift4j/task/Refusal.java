package io.github.lift4j.task;

import java.util.Locale;

/** Why a {@link QualityGate} refuses a task, in the order in which it looks. */
public enum Refusal {
    /** The question has fewer characters than the settings ask for. */
    QUESTION_TOO_SHORT,
    /** The question has more characters than the settings allow. */
    QUESTION_TOO_LONG,
    /** The answer has fewer characters than the settings ask for. */
    ANSWER_TOO_SHORT,
    /** The answer has more characters than the settings allow. */
    ANSWER_TOO_LONG,
    /** It neither has a question mark nor begins as a question or a request does. */
    NOT_A_QUESTION,
    /** Question or answer speak of "this sentence", "the passage", "the text above", or announce "the answer is". */
    SELF_REFERENCE,
    /** The answer says the question again. */
    REPEATS_QUESTION,
    /** Question or answer say the same words over and over. */
    LOOPS,
    /** Without the passage in view nobody could know what is asked about. */
    NEEDS_PASSAGE,

    /** The answer has no word that is news. */
    SAYS_NOTHING,
    /** The same question, or nearly the same, was accepted before. */
    DUPLICATE,
    /** The second look that the caller wished for did not confirm the answer. */
    FAILED_SELF_CHECK;

    /** In lower-case words, for display: {@code needs passage}. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT).replace('_', ' ');
    }
}
