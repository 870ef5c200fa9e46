package io.github.lift4j.prompt;

import io.github.lift4j.document.TokenFile;
import io.github.lift4j.engine.LiftException;
import io.github.lift4j.engine.model.LanguageModel;
import io.github.lift4j.engine.tokenizer.Message;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * Where things stand in the prompt. The document comes first and the question last, so that all questions share what is
 * read before them. The document's own token ids are laid into the template's: they are never decoded and encoded again.
 */
public final class PromptLayout {

    private static final String DOCUMENT_MARK = "[[lift4j document]]";
    private static final String EVIDENCE_MARK = "[[lift4j evidence]]";
    private static final String QUESTION_MARK = "[[lift4j question]]";

    private final LanguageModel model;
    private final UserTurn turn;
    private final boolean document;
    private final boolean verbatim;
    private final String before;
    private final String between;
    private final Optional<String> afterEvidence;
    private final String after;

    /**
     * @param prompt the turn with marks in the places of what differs
     * @param verbatim whether a question keeps the spaces at its ends
     */
    private PromptLayout(
            LanguageModel model, UserTurn turn, String prompt, boolean document, boolean evidence, boolean verbatim) {
        this.model = model;
        this.turn = turn;
        this.document = document;
        this.verbatim = verbatim;
        int question = prompt.indexOf(QUESTION_MARK);
        int shared = evidence ? prompt.indexOf(EVIDENCE_MARK) : question;
        int text = document ? prompt.indexOf(DOCUMENT_MARK) : 0;
        before = prompt.substring(0, text);
        between = prompt.substring(document ? text + DOCUMENT_MARK.length() : 0, shared);
        afterEvidence =
                evidence ? Optional.of(prompt.substring(shared + EVIDENCE_MARK.length(), question)) : Optional.empty();
        after = prompt.substring(
                question + QUESTION_MARK.length(),
                prompt.length() - turn.after().length());
    }

    /**
     * The layout for one document by the project's own wording.
     *
     * @param turn the model's own way of a conversation
     * @param document whether the document stands in the prompt
     * @param evidence whether passages that bear on the question do
     */
    public static PromptLayout of(
            LanguageModel model, UserTurn turn, String title, boolean document, boolean evidence) {
        String content = Wording.ofQuestion(document, evidence)
                .with(Map.of(
                        "title", title,
                        "document", DOCUMENT_MARK,
                        "evidence", EVIDENCE_MARK,
                        "question", QUESTION_MARK));
        return new PromptLayout(model, turn, turn.text(content), document, evidence, false);
    }

    /** The layout without a document that the question could be about: what the user says is the question. */
    public static PromptLayout plain(LanguageModel model, UserTurn turn) {
        return new PromptLayout(model, turn, turn.text(QUESTION_MARK), false, false, false);
    }

    /** The layout for a document in a frame: the document, and the question at once behind it. */
    public static PromptLayout of(LanguageModel model, Frame frame) {
        String content = frame.before() + DOCUMENT_MARK + QUESTION_MARK;
        UserTurn turn = UserTurn.of(model, frame.system());
        return new PromptLayout(model, turn, turn.verbatim(content), true, false, true);
    }

    /**
     * What all questions share, leaving room for so many tokens behind it.
     *
     * @param most tokens of the document
     */
    public int[] prefix(TokenFile tokens, int room, int most) {
        int[] opening = encode(before);
        int[] closing = encode(between);
        if (!document) {
            return closing;
        }
        int[] omission = encode("\n\n[...]\n\n");
        int free = Math.min(most, model.window() - room - opening.length - closing.length);
        if (tokens.length() <= free) {
            return join(opening, tokens.slice(0, Math.toIntExact(tokens.length())), closing);
        }
        int kept = Math.min(most, free - omission.length);
        if (kept < 2) {
            throw new LiftException("The question and its answer need " + room + " tokens, which leaves no room for the"
                    + " document in a window of " + model.window() + ": ask a shorter question or use --mode lift.");
        }
        return join(opening, tokens.head(kept - kept / 2), omission, tokens.tail(kept / 2), closing);
    }

    /**
     * What is the question's own, up to where the answer begins.
     *
     * @param evidence passages that bear on it; not looked at where the layout has no place for them
     */
    public int[] suffix(String question, List<String> evidence) {
        return suffix(question, evidence, List.of());
    }

    /**
     * The same where the conversation went on behind the question.
     *
     * @param further what was said then, the assistant's turn first and a user's last
     * @throws LiftException where the model's template refuses such a conversation
     */
    public int[] suffix(String question, List<String> evidence, List<Message> further) {
        String passages =
                afterEvidence.map(next -> String.join("\n\n", evidence) + next).orElse("");
        return encode(passages + (verbatim ? question : question.strip()) + after + turn.after(further));
    }

    private int[] encode(String text) {
        return model.tokenizer().encode(text);
    }

    private static int[] join(int[]... parts) {
        return IntStream.range(0, parts.length)
                .flatMap(i -> IntStream.of(parts[i]))
                .toArray();
    }
}
