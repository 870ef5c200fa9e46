package io.github.lift4j.task;

import io.github.lift4j.document.Passage;
import io.github.lift4j.document.Passages;
import io.github.lift4j.engine.generation.BatchWriter;
import io.github.lift4j.engine.generation.Sampling;
import io.github.lift4j.engine.generation.TopChoices;
import io.github.lift4j.engine.generation.Written;
import io.github.lift4j.engine.model.LanguageModel;
import io.github.lift4j.engine.training.SoftTargets;
import io.github.lift4j.engine.transformer.Adaptation;
import io.github.lift4j.prompt.UserTurn;
import io.github.lift4j.prompt.Wording;
import io.github.lift4j.recipe.TaskSettings;
import io.github.lift4j.recipe.TaskSettings.SelfStudy.Answers;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;

/**
 * Self-study (context distillation): with a passage in view the base model asks questions about each of its sentences and
 * answers them, and its distribution over each token of an answer is noted. Training then matches these distributions
 * without the passage, so the model learns what it would have said had it seen it, doubts included.
 *
 * <p>Goes beyond the paper, whose tasks are learned as hard answers; a small model's own answers are too poor for that. What
 * can be learned as it stands is the sentence a question was asked about: it is true, whatever the model thinks of it.
 */
public final class SelfStudy implements TaskSource {

    private static final int LONGEST_QUESTION = 40;

    private static final String OWN = "self-study";
    private static final String QUOTED = "self-study-sentence";

    /** How questions begin: left to itself, a small model asks "What a fascinating story, is it not". */
    private static final List<String> OPENINGS = ResourceFile.lines("question-starters.txt");

    /** Of a passage that would not leave room in the window, the beginning is shown. */
    private static final int LONGEST_PASSAGE = 6000;

    private final LanguageModel model;
    private final String title;
    private final TaskSettings.SelfStudy settings;
    private final long seed;
    private final List<Passage> sentences;
    private final List<Passage> passages;
    private final QualityGate own;
    private final QualityGate quoted;
    private final BatchWriter writer;
    private final UserTurn turn;
    private final HardAnswers hard;

    /**
     * Prepares to study a text.
     *
     * @param title as prompts name the document
     * @param seed fixes the questions that are sampled
     */
    public SelfStudy(LanguageModel model, String title, String text, TaskSettings.SelfStudy settings, long seed) {
        this.model = model;
        this.title = title;
        this.settings = settings;
        this.seed = seed;
        this.sentences = Passages.sentences(text);
        this.passages = Passages.groups(text, sentences, settings.sentences());
        this.own = QualityGate.of(title);
        this.quoted = QualityGate.of(title);
        this.writer = new BatchWriter(
                model.transformer(), Adaptation.NONE, model.tokenizer().stopIds());
        this.turn = UserTurn.of(model);
        this.hard = HardAnswers.of(model);
    }

    @Override
    public int units() {
        return passages.size();
    }

    @Override
    public int tasksPerUnit() {
        int answers = settings.answers() == Answers.BOTH ? 2 : 1;
        return settings.sentences() * settings.questions() * answers;
    }

    /** A request for each question, and one for its answer. */
    @Override
    public Effort effort(List<Integer> units) {
        long asked = units.stream()
                .mapToLong(unit -> Math.min(settings.sentences(), sentences.size() - unit * settings.sentences()))
                .sum();
        int requests = settings.answers() == Answers.SENTENCE ? 1 : 2;
        return Effort.ofRequests(requests * asked * settings.questions());
    }

    /** A question that was asked, and where. */
    private record Asked(int place, Passage passage, Passage sentence, String question) {

        Task answeredBy(String answer, String source) {
            return new Task(question, answer, sentence.span(), source);
        }
    }

    @Override
    public List<List<PreparedTask>> make(List<Integer> units) {
        List<Asked> asked = ask(units);
        List<Optional<PreparedTask>> own = settings.answers() == Answers.SENTENCE ? List.of() : answered(asked);
        List<List<PreparedTask>> made = new ArrayList<>();
        units.forEach(unit -> made.add(new ArrayList<>()));
        for (int i = 0; i < asked.size(); i++) {
            List<PreparedTask> unit = made.get(asked.get(i).place());
            if (!own.isEmpty()) {
                own.get(i).ifPresent(unit::add);
            }
            if (settings.answers() != Answers.OWN) {
                quoted(asked.get(i)).ifPresent(unit::add);
            }
        }
        return made;
    }

    @Override
    public void remember(List<Task> made) {
        for (Task task : made) {
            passages.stream()
                    .filter(passage -> Set.of(OWN, QUOTED).contains(task.source())
                            && passage.span().start() <= task.span().start()
                            && task.span().end() <= passage.span().end())
                    .findFirst()
                    .ifPresent(passage -> (task.source().equals(OWN) ? own : quoted).refusal(task, passage.text()));
        }
    }

    private List<Asked> ask(List<Integer> units) {
        List<Asked> blank = new ArrayList<>();
        List<Long> seeds = new ArrayList<>();
        for (int place = 0; place < units.size(); place++) {
            int unit = units.get(place);
            SplittableRandom random = new SplittableRandom(seed * 1_000_003 + unit);
            int first = unit * settings.sentences();
            int last = Math.min(first + settings.sentences(), sentences.size());
            for (Passage sentence : sentences.subList(first, last)) {
                for (int n = 0; n < settings.questions(); n++) {
                    String opening = OPENINGS.get(random.nextInt(OPENINGS.size()));
                    blank.add(new Asked(place, passages.get(unit), sentence, opening));
                    seeds.add(random.nextLong());
                }
            }
        }
        List<int[]> prompts = blank.stream()
                .map(a -> turn.encode(
                        Wording.ASK.with(Map.of("document", shown(a.passage), "sentence", a.sentence.text())),
                        a.question))
                .toList();
        Sampling sampling = new Sampling(settings.temperature(), 0, 1, 1, 0);
        List<Written> questions = writer.write(prompts, sampling, seeds, LONGEST_QUESTION, 0);
        List<Asked> asked = new ArrayList<>();
        for (int i = 0; i < blank.size(); i++) {
            Asked opened = blank.get(i);
            String written = model.tokenizer().decode(questions.get(i).ids(), true);
            oneQuestion(opened.question + written)
                    .map(question -> new Asked(opened.place, opened.passage, opened.sentence, question))
                    .ifPresent(asked::add);
        }
        return asked;
    }

    /** The model's own answers with the passage in view; none where the gate refuses one. */
    private List<Optional<PreparedTask>> answered(List<Asked> asked) {
        List<int[]> prompts = turn.encodeAll(asked.stream()
                .map(a -> Wording.TEACH.with(Map.of("document", shown(a.passage), "question", a.question)))
                .toList());
        List<Long> seeds = asked.stream().map(a -> 0L).toList();
        List<Written> answers =
                writer.write(prompts, Sampling.GREEDY, seeds, settings.answerTokens(), settings.topChoices());
        List<Optional<PreparedTask>> tasks = new ArrayList<>();
        for (int i = 0; i < asked.size(); i++) {
            tasks.add(own(asked.get(i), answers.get(i)));
        }
        return tasks;
    }

    private Optional<PreparedTask> own(Asked asked, Written written) {
        String answer = model.tokenizer().decode(written.ids(), true).strip();
        Task task = asked.answeredBy(answer, OWN);
        if (written.ids().length == 0 || own.refusal(task, asked.passage.text()).isPresent()) {
            return Optional.empty();
        }
        int[] ids = Arrays.copyOf(
                written.ids(), written.ids().length + (written.stop().isPresent() ? 1 : 0));
        written.stop().ifPresent(stop -> ids[ids.length - 1] = stop);
        TopChoices choices = written.choices().orElseThrow();
        return Optional.of(new PreparedTask(
                task,
                ids,
                Optional.of(SoftTargets.normalised(choices.width(), choices.ids(), choices.logProbabilities()))));
    }

    /** The sentence as the answer. */
    private Optional<PreparedTask> quoted(Asked asked) {
        Task task = asked.answeredBy(asked.sentence.text().strip(), QUOTED);
        return quoted.refusal(task, asked.passage.text()).isPresent()
                ? Optional.empty()
                : Optional.of(hard.prepared(task));
    }

    private static String shown(Passage passage) {
        return passage.text().length() <= LONGEST_PASSAGE
                ? passage.text()
                : passage.text().substring(0, LONGEST_PASSAGE);
    }

    /** What was written up to its first question mark; empty where there is none in its first line. */
    private static Optional<String> oneQuestion(String written) {
        String line = written.strip().lines().findFirst().orElse("");
        int end = line.indexOf('?');
        return end < 0 ? Optional.empty() : Optional.of(line.substring(0, end + 1));
    }
}
