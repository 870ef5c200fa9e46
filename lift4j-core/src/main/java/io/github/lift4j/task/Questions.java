package io.github.lift4j.task;

import io.github.lift4j.document.Passage;
import io.github.lift4j.document.Passages;
import io.github.lift4j.document.Span;
import io.github.lift4j.engine.model.LanguageModel;
import io.github.lift4j.engine.tokenizer.Message;
import io.github.lift4j.prompt.Wording;
import io.github.lift4j.recipe.TaskSettings;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Questions and answers that a language model writes about pieces of the document (section 3.2): every sentence with what
 * stands before it, or some short pieces. The answers are learned as they stand.
 *
 * <p>What an author writes that has no pairs in it gives no tasks; what fails (an endpoint that is down) is thrown.
 */
public final class Questions implements TaskSource {

    /** Pieces of a unit: what is asked together even where units are made one by one. */
    private static final int TOGETHER = 8;

    private static final String SOURCE = "questions";

    /** In tokens. */
    private static final int LONGEST_QUESTION = 40;

    /** In tokens; one of "yes" and "no" is enough. */
    private static final int LONGEST_VERDICT = 8;

    private final String title;
    private final String text;
    private final TaskSettings.Questions settings;
    private final Author writer;
    private final Author checker;
    private final long seed;
    private final List<Piece> pieces;
    private final Map<Span, Piece> bySpan;
    private final HardAnswers answers;
    private final Set<Task> doubted = new HashSet<>();
    private final QualityGate gate;

    /**
     * Prepares to have questions written.
     *
     * @param model which learns the answers
     * @param title as prompts name the document
     * @param writer of pairs; closed with this
     * @param checker of what the writer wrote, which may be the same; closed with this
     * @param seed fixes which pieces are taken and what is sampled
     */
    public Questions(
            LanguageModel model,
            String title,
            String text,
            TaskSettings.Questions settings,
            Author writer,
            Author checker,
            long seed) {
        this.title = title;
        this.text = text;
        this.settings = settings;
        this.writer = writer;
        this.checker = checker;
        this.seed = seed;
        this.pieces = switch (settings.from()) {
            case TaskSettings.Sentence(int context) -> sentences(text, context);
            case TaskSettings.Pieces sampled -> sampled(text, sampled, new SplittableRandom(seed));
        };
        this.bySpan = pieces.stream().collect(Collectors.toMap(Piece::span, piece -> piece));
        this.answers = HardAnswers.of(model);
        this.gate = new QualityGate(title, QualityGate.Settings.DEFAULT, task -> !doubted.contains(task));
    }

    /**
     * What is asked about.
     *
     * @param from where in the text the author's view of it begins; it ends with the span
     */
    private record Piece(int from, Span span) {

        String shown(String text) {
            return text.substring(from, Math.toIntExact(span.end()));
        }
    }

    /** A task that an author wrote, and for which of the units. */
    private record Candidate(int place, Piece piece, Task task) {}

    private static List<Piece> sentences(String text, int context) {
        return Passages.sentences(text).stream()
                .map(sentence ->
                        new Piece(wordFrom(text, Math.toIntExact(sentence.span().start()), context), sentence.span()))
                .toList();
    }

    /** Where the first whole word begins of so many characters before a place. */
    private static int wordFrom(String text, int place, int context) {
        if (place <= context) {
            return 0;
        }
        int from = place - context - 1;
        while (from < place && !Character.isWhitespace(text.charAt(from))) {
            from++;
        }
        while (from < place && Character.isWhitespace(text.charAt(from))) {
            from++;
        }
        return from;
    }

    /** Neighbouring sentences up to the length asked for, of which some are taken. */
    private static List<Piece> sampled(String text, TaskSettings.Pieces settings, SplittableRandom random) {
        List<Span> all = new ArrayList<>();
        for (Passage sentence : Passages.sentences(text)) {
            long end = sentence.span().end();
            if (!all.isEmpty() && end - all.getLast().start() <= settings.length()) {
                all.set(all.size() - 1, new Span(all.getLast().start(), end));
            } else {
                all.add(sentence.span());
            }
        }
        Collections.shuffle(all, random);
        return all.stream()
                .limit(settings.count())
                .sorted(Comparator.comparingLong(Span::start))
                .map(span -> new Piece(Math.toIntExact(span.start()), span))
                .toList();
    }

    @Override
    public int units() {
        return Math.ceilDiv(pieces.size(), TOGETHER);
    }

    @Override
    public int tasksPerUnit() {
        return TOGETHER * settings.questions();
    }

    @Override
    public List<List<PreparedTask>> make(List<Integer> units) {
        List<Candidate> candidates = written(units);
        if (settings.selfCheck()) {
            check(candidates);
        }
        List<List<PreparedTask>> made = new ArrayList<>();
        units.forEach(unit -> made.add(new ArrayList<>()));
        for (Candidate candidate : candidates) {
            if (gate.refusal(candidate.task, candidate.piece.shown(text)).isEmpty()) {
                made.get(candidate.place).add(answers.prepared(candidate.task));
            }
        }
        return made;
    }

    @Override
    public void remember(List<Task> made) {
        for (Task task : made) {
            Piece piece = bySpan.get(task.span());
            if (piece != null && task.source().equals(SOURCE)) {
                gate.refusal(task, piece.shown(text));
            }
        }
    }

    @Override
    public Effort effort(List<Integer> units) {
        Effort all = Effort.NONE;
        for (int unit : units) {
            all = all.plus(writer.effort(prompts(unit)));
            if (settings.selfCheck()) {
                List<Author.Prompt> checks = pieces(unit).stream()
                        .flatMap(piece -> IntStream.range(0, settings.questions())
                                .mapToObj(i -> check(piece, String.valueOf(i), "")))
                        .toList();
                all = all.plus(checker.effort(checks));
            }
        }
        return all;
    }

    @Override
    public void close() {
        writer.close();
        checker.close();
    }

    private List<Candidate> written(List<Integer> units) {
        List<Author.Prompt> prompts =
                units.stream().flatMap(unit -> prompts(unit).stream()).toList();
        List<String> texts = writer.write(prompts);
        List<Candidate> candidates = new ArrayList<>();
        int next = 0;
        for (int place = 0; place < units.size(); place++) {
            for (Piece piece : pieces(units.get(place))) {
                for (WrittenPair pair : WrittenPair.in(texts.get(next++)).stream()
                        .limit(settings.questions())
                        .toList()) {
                    Task task = new Task(pair.question(), pair.answer(), piece.span, SOURCE);
                    if (isShort(task)
                            && gate.refusalBeforeCheck(task, piece.shown(text)).isEmpty()) {
                        candidates.add(new Candidate(place, piece, task));
                    }
                }
            }
        }
        return candidates;
    }

    private boolean isShort(Task task) {
        return answers.tokenizer().encode(task.answer()).length <= settings.answerTokens();
    }

    /** Asks whether the answers follow from what was in view; the gate refuses what is not said yes to. */
    private void check(List<Candidate> candidates) {
        List<String> verdicts = checker.write(candidates.stream()
                .map(candidate -> check(candidate.piece, candidate.task.question(), candidate.task.answer()))
                .toList());
        doubted.clear();
        IntStream.range(0, candidates.size())
                .filter(i -> !verdicts.get(i)
                        .replaceFirst("^\\W+", "")
                        .toLowerCase(Locale.ROOT)
                        .startsWith("yes"))
                .forEach(i -> doubted.add(candidates.get(i).task));
    }

    private List<Piece> pieces(int unit) {
        return pieces.subList(unit * TOGETHER, Math.min((unit + 1) * TOGETHER, pieces.size()));
    }

    private List<Author.Prompt> prompts(int unit) {
        SplittableRandom random = new SplittableRandom(seed * 1_000_003 + unit);
        return pieces(unit).stream()
                .map(piece -> prompt(piece, random.nextInt(Integer.MAX_VALUE)))
                .toList();
    }

    /** Shows an example first: a small model keeps to a form that it has seen, not to one that it was told of. */
    private Author.Prompt prompt(Piece piece, long seed) {
        String sentence = text.substring(Math.toIntExact(piece.span.start()), Math.toIntExact(piece.span.end()));
        List<Message> talk = List.of(
                Message.user(request(
                        Wording.EXAMPLE_TITLE.text(),
                        Wording.EXAMPLE_DOCUMENT.text(),
                        Wording.EXAMPLE_SENTENCE.text(),
                        WrittenPair.in(Wording.EXAMPLE_PAIRS.text()).size())),
                Message.assistant(Wording.EXAMPLE_PAIRS.text()),
                Message.user(request(title, piece.shown(text), sentence, settings.questions())));
        int most = settings.questions() * (LONGEST_QUESTION + settings.answerTokens());
        return new Author.Prompt(talk, settings.temperature(), most, seed);
    }

    private String request(String title, String document, String sentence, int count) {
        Wording wording = switch (settings.from()) {
            case TaskSettings.Sentence _ -> Wording.SENTENCE_QUESTIONS;
            case TaskSettings.Pieces _ -> Wording.PIECE_QUESTIONS;
        };
        return wording.with(
                Map.of("title", title, "document", document, "sentence", sentence, "count", String.valueOf(count)));
    }

    private Author.Prompt check(Piece piece, String question, String answer) {
        String said = Wording.CHECK.with(
                Map.of("title", title, "document", piece.shown(text), "question", question, "answer", answer));
        return new Author.Prompt(List.of(Message.user(said)), 0, LONGEST_VERDICT, 0);
    }
}
