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
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;

/**
 * Self-study (context distillation): with a passage in view the base model asks questions about each of its sentences and
 * answers them, and its distribution over each token of an answer is noted. Training then matches these distributions
 * without the passage, so the model learns what it would have said had it seen it, doubts included.
 *
 * <p>Goes beyond the paper, whose tasks are learned as hard answers; a small model's own answers are too poor for that.
 */
public final class SelfStudy implements TaskSource {

    private static final String SOURCE = "self-study";
    private static final int LONGEST_QUESTION = 40;

    /** Of a passage that would not leave room in the window, the beginning is shown. */
    private static final int LONGEST_PASSAGE = 6000;

    private final LanguageModel model;
    private final String title;
    private final TaskSettings.SelfStudy settings;
    private final long seed;
    private final List<Passage> sentences;
    private final List<Passage> passages;
    private final QualityGate gate;
    private final BatchWriter writer;
    private final UserTurn turn;

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
        this.gate = QualityGate.of(title);
        this.writer = new BatchWriter(
                model.transformer(), Adaptation.NONE, model.tokenizer().stopIds());
        this.turn = UserTurn.of(model);
    }

    @Override
    public int units() {
        return passages.size();
    }

    @Override
    public int tasksPerUnit() {
        return settings.sentences() * settings.questions();
    }

    /** A request for each question, and one for its answer. */
    @Override
    public Effort effort(List<Integer> units) {
        long asked = units.stream()
                .mapToLong(unit -> Math.min(settings.sentences(), sentences.size() - unit * settings.sentences()))
                .sum();
        return Effort.ofRequests(2 * asked * settings.questions());
    }

    /** A question that was asked, and where. */
    private record Asked(int place, Passage passage, Passage sentence, String question) {}

    @Override
    public List<List<PreparedTask>> make(List<Integer> units) {
        List<Asked> asked = ask(units);
        List<Written> answers = answer(asked);
        List<List<PreparedTask>> made = new ArrayList<>();
        units.forEach(unit -> made.add(new ArrayList<>()));
        for (int i = 0; i < asked.size(); i++) {
            Asked question = asked.get(i);
            Optional<PreparedTask> task = prepared(question, answers.get(i));
            task.ifPresent(made.get(question.place())::add);
        }
        return made;
    }

    @Override
    public void remember(List<Task> made) {
        for (Task task : made) {
            passages.stream()
                    .filter(passage -> task.source().equals(SOURCE)
                            && passage.span().start() <= task.span().start()
                            && task.span().end() <= passage.span().end())
                    .findFirst()
                    .ifPresent(passage -> gate.refusal(task, passage.text()));
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
                    blank.add(new Asked(place, passages.get(unit), sentence, ""));
                    seeds.add(random.nextLong());
                }
            }
        }
        List<int[]> prompts = turn.encodeAll(blank.stream()
                .map(a -> Wording.ASK.with(Map.of("document", shown(a.passage), "sentence", a.sentence.text())))
                .toList());
        Sampling sampling = new Sampling(settings.temperature(), 0, 1, 1, 0);
        List<Written> questions = writer.write(prompts, sampling, seeds, LONGEST_QUESTION, 0);
        List<Asked> asked = new ArrayList<>();
        for (int i = 0; i < blank.size(); i++) {
            String question =
                    oneQuestion(model.tokenizer().decode(questions.get(i).ids(), true));
            if (!question.isEmpty()) {
                asked.add(new Asked(blank.get(i).place, blank.get(i).passage, blank.get(i).sentence, question));
            }
        }
        return asked;
    }

    private List<Written> answer(List<Asked> asked) {
        List<int[]> prompts = turn.encodeAll(asked.stream()
                .map(a -> Wording.DOCUMENT_QUESTION.with(
                        Map.of("title", title, "document", shown(a.passage), "question", a.question)))
                .toList());
        List<Long> seeds = asked.stream().map(a -> 0L).toList();
        return writer.write(prompts, Sampling.GREEDY, seeds, settings.answerTokens(), settings.topChoices());
    }

    private Optional<PreparedTask> prepared(Asked asked, Written written) {
        String answer = model.tokenizer().decode(written.ids(), true).strip();
        Task task = new Task(asked.question, answer, asked.sentence.span(), SOURCE);
        if (written.ids().length == 0
                || gate.refusal(task, asked.passage.text()).isPresent()) {
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

    private static String shown(Passage passage) {
        return passage.text().length() <= LONGEST_PASSAGE
                ? passage.text()
                : passage.text().substring(0, LONGEST_PASSAGE);
    }

    /** The first line of what was written, without the marks a model likes to put around it. */
    private static String oneQuestion(String written) {
        String line = written.strip().lines().findFirst().orElse("").strip();
        String bare = line.replaceFirst("^(?i)(question|q)\\s*[:.]\\s*", "").replaceFirst("^\\d+[.)]\\s*", "");
        return bare.replaceAll("^[\"“'*]+|[\"”'*]+$", "").strip();
    }
}
