package io.github.lift4j.evaluation.order;

import io.github.lift4j.Lift;
import io.github.lift4j.answer.Mode;
import io.github.lift4j.document.TokenFile;
import io.github.lift4j.engine.LiftException;
import io.github.lift4j.engine.adapter.Attachment;
import io.github.lift4j.engine.generation.Context;
import io.github.lift4j.engine.transformer.Adaptation;
import io.github.lift4j.evaluation.needle.Haystack;
import io.github.lift4j.evaluation.result.Effort;
import io.github.lift4j.evaluation.result.Finding;
import io.github.lift4j.evaluation.result.Result;
import io.github.lift4j.evaluation.result.Unit;
import io.github.lift4j.evaluation.run.Memories;
import io.github.lift4j.memory.Memory;
import io.github.lift4j.recipe.Recipe;
import io.github.lift4j.recipe.SegmentSettings;
import io.github.lift4j.segment.Segmentation;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import java.util.stream.LongStream;

/**
 * Absorbs one document twice, cut into segments that only touch (stride = length) and into segments that overlap (stride =
 * 3/8 of the length, the paper's), and asks which passage follows which. The figure's claim is that nothing tells a model
 * the order of segments that only touch (section 3.1).
 *
 * <p>The places asked about are those where two touching segments meet. Two such places at a time make a forced choice:
 * each has an end of a segment before it, {@code a} and {@code b}, and a beginning of the next one behind it, {@code a'} and
 * {@code b'}. The choice is right where {@code NLL(a'|a) + NLL(b'|b) < NLL(b'|a) + NLL(a'|b)}. All four texts stand on both
 * sides, so that it does not matter how likely each is by itself. Chance is 1/2; the base model shows how much the texts
 * alone give away.
 *
 * <p>Both cuts train on as many tokens: the touching one is read 8/3 times as often, to a whole number.
 *
 * <p>Which two places make a choice is always the same, so that absorbs with several seeds are asked the same.
 *
 * @param lift the base model
 * @param haystack the text is its beginning
 */
public record OrderTrial(Lift lift, Haystack haystack) {

    /** The set's name in findings. */
    public static final String SET = "order";

    /** The base model, which shows how much the texts alone give away. */
    public static final String BASE = Mode.BASE.toString();

    /** The mode in which segments that only touch were absorbed. */
    public static final String TOUCHING = Mode.LIFT + ":touching";

    /** The same for segments that overlap. */
    public static final String OVERLAPPING = Mode.LIFT + ":overlapping";

    /** All three, in the order of the findings. */
    public static final List<String> MODES = List.of(BASE, TOUCHING, OVERLAPPING);

    /** The recipe with segments that only touch, read as often as makes up for the overlap. */
    public static Recipe touching(Recipe recipe) {
        SegmentSettings overlapping = overlapping(recipe).segments();
        double times = (double) overlapping.length() / overlapping.stride();
        int epochs = Math.toIntExact(Math.round(overlapping.epochs() * times));
        return recipe.with(new SegmentSettings(overlapping.length(), overlapping.length(), epochs));
    }

    /** The recipe with segments that overlap by the paper's 5/8. */
    public static Recipe overlapping(Recipe recipe) {
        Segmentation paper = Segmentation.ofLength(recipe.segments().length());
        return recipe.with(new SegmentSettings(
                paper.length(), paper.stride(), recipe.segments().epochs()));
    }

    /** How many choices a text makes: two places each. */
    public static int choices(int tokens, int passage, int length) {
        return (tokens - passage) / length / 2;
    }

    /**
     * Absorbs and asks.
     *
     * @param unit its recipe's segments' length is used, and everything else but the stride; a passage lies in a segment, and
     *     the text has two segments and a passage at least
     * @param work where memories are made and kept, to be gone on with
     * @return a finding for each choice in each of {@link #MODES}; its {@code accuracy} is 1 or 0, its {@code margin} by how
     *     much the right texts were likelier, in nats a token
     * @throws LiftException where the text is too short
     */
    public Result of(Unit.Order unit, Path work) {
        long start = System.nanoTime();
        Recipe recipe = unit.recipe().orElseThrow();
        String text = haystack.beginning(unit.tokens(), lift.model().tokenizer());
        Memories memories = new Memories(lift, work);
        Memory touching = memories.of(haystack.title(), text, Optional.of(touching(recipe)));
        Memory overlapping = memories.of(haystack.title(), text, Optional.of(overlapping(recipe)));
        List<Finding> findings = new ArrayList<>();
        List<Choice> choices =
                choices(touching, unit.passage(), recipe.segments().length());
        findings.addAll(asked(BASE, touching, choices, Adaptation.NONE));
        findings.addAll(attached(TOUCHING, touching, choices));
        findings.addAll(attached(OVERLAPPING, overlapping, choices));
        return new Result(unit, effort(start, touching, overlapping), findings);
    }

    private static Effort effort(long start, Memory touching, Memory overlapping) {
        Effort one = Effort.since(start, touching);
        Effort other = Effort.since(start, overlapping);
        return new Effort(
                one.tokens() + other.tokens(),
                one.taskSeconds() + other.taskSeconds(),
                one.trainingSeconds() + other.trainingSeconds(),
                other.seconds());
    }

    /** Of two places each where touching segments meet, with room for a passage behind. */
    private static List<Choice> choices(Memory memory, int passage, int length) {
        try (TokenFile tokens = memory.tokens()) {
            List<Long> meetings = new ArrayList<>(LongStream.rangeClosed(1, (tokens.length() - passage) / length)
                    .map(segment -> segment * length)
                    .boxed()
                    .toList());
            if (meetings.size() < 2) {
                throw new LiftException("A text of " + tokens.length() + " tokens has no two places where segments of "
                        + length + " meet: take a longer one, or shorter segments.");
            }
            Collections.shuffle(meetings, new SplittableRandom(0));
            return IntStream.range(0, meetings.size() / 2)
                    .mapToObj(i -> Choice.at(meetings.get(2 * i), meetings.get(2 * i + 1), passage, tokens))
                    .toList();
        }
    }

    private List<Finding> attached(String mode, Memory memory, List<Choice> choices) {
        try (Attachment weights = memory.attach(lift.model())) {
            return asked(mode, memory, choices, weights);
        }
    }

    private List<Finding> asked(String mode, Memory memory, List<Choice> choices, Adaptation weights) {
        try (Context context = new Context(lift.model().transformer(), weights)) {
            return IntStream.range(0, choices.size())
                    .mapToObj(i -> finding(
                            mode, memory, i + 1, choices.get(i), choices.get(i).margin(context)))
                    .toList();
        }
    }

    private Finding finding(String mode, Memory memory, int number, Choice choice, double margin) {
        String first = text(choice.begin());
        String second = text(choice.otherBegin());
        return new Finding.Scored(
                SET,
                SET,
                memory.manifest().documentSha256(),
                memory.manifest().title(),
                number,
                "What follows on each? [0] " + text(choice.end()) + " [1] " + text(choice.otherEnd()),
                "[0] " + first + " [1] " + second,
                mode,
                margin > 0 ? "[0] " + first + " [1] " + second : "[0] " + second + " [1] " + first,
                List.of(),
                Map.of("accuracy", margin > 0 ? 1.0 : 0.0, "margin", margin));
    }

    private String text(int[] ids) {
        return lift.model().tokenizer().decode(ids);
    }

    /** Two places at which a text goes on: an end and the beginning behind it, and another end and its beginning. */
    private record Choice(int[] end, int[] begin, int[] otherEnd, int[] otherBegin) {

        static Choice at(long place, long other, int passage, TokenFile tokens) {
            return new Choice(
                    tokens.slice(place - passage, passage),
                    tokens.slice(place, passage),
                    tokens.slice(other - passage, passage),
                    tokens.slice(other, passage));
        }

        /** By how much the texts are likelier as they stand than the other way round, in nats a token. */
        double margin(Context context) {
            double right = nll(context, end, begin) + nll(context, otherEnd, otherBegin);
            double wrong = nll(context, end, otherBegin) + nll(context, otherEnd, begin);
            return (wrong - right) / (begin.length + otherBegin.length);
        }

        private static double nll(Context context, int[] before, int[] behind) {
            context.rewind(0);
            context.read(before);
            return Arrays.stream(context.score(behind)).sum();
        }
    }
}
