package io.github.lift4j.evaluation.order;

import io.github.lift4j.Lift;
import io.github.lift4j.answer.Mode;
import io.github.lift4j.document.Document;
import io.github.lift4j.document.TokenFile;
import io.github.lift4j.engine.LiftException;
import io.github.lift4j.engine.adapter.Attachment;
import io.github.lift4j.engine.generation.Context;
import io.github.lift4j.engine.transformer.Adaptation;
import io.github.lift4j.evaluation.result.Finding;
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
import java.util.SplittableRandom;
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
 * @param lift the base model
 * @param passage tokens of an end and of a beginning, at least 1 and at most a segment's length
 */
public record OrderTrial(Lift lift, int passage) {

    /** The set's name in findings. */
    public static final String SET = "order";

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

    /**
     * Absorbs and asks.
     *
     * @param document of at least three segments and a passage
     * @param recipe whose segments' length is used, and everything else but the stride
     * @param seed decides which two places make a choice
     * @param folder where the two memories are made, in {@code touching} and {@code overlapping}; what is left there is the
     *     caller's
     * @return a finding for each choice of the base model, of the touching and of the overlapping segments, in this order;
     *     its {@code accuracy} is 1 or 0, its {@code margin} by how much the right texts were likelier, in nats a token
     * @throws LiftException where the document is too short
     */
    public List<Finding> of(Document document, Recipe recipe, long seed, Path folder) {
        if (passage < 1 || passage > recipe.segments().length()) {
            throw new IllegalArgumentException(
                    "a passage lies in a segment of " + recipe.segments().length() + " tokens, and has not " + passage);
        }
        Memory touching = lift.absorb(document, touching(recipe), folder.resolve("touching"));
        Memory overlapping = lift.absorb(document, overlapping(recipe), folder.resolve("overlapping"));
        List<Finding> findings = new ArrayList<>();
        try (TokenFile tokens = touching.tokens()) {
            List<Long> meetings = meetings(tokens, recipe.segments().length(), seed);
            findings.addAll(asked("base model", Mode.BASE, touching, tokens, meetings, Adaptation.NONE));
            for (Memory memory : List.of(touching, overlapping)) {
                SegmentSettings segments = memory.manifest().recipe().segments();
                String cut = "stride " + segments.stride() + " of " + segments.length();
                try (Attachment attached = memory.attach(lift.model())) {
                    findings.addAll(asked(cut, Mode.LIFT, memory, tokens, meetings, attached));
                }
            }
        }
        return findings;
    }

    /** Where touching segments meet, with room for a passage behind, shuffled. */
    private List<Long> meetings(TokenFile tokens, int length, long seed) {
        List<Long> meetings = new ArrayList<>(LongStream.rangeClosed(1, (tokens.length() - passage) / length)
                .map(segment -> segment * length)
                .boxed()
                .toList());
        if (meetings.size() < 2) {
            throw new LiftException("A document of " + tokens.length() + " tokens has no two places where segments of "
                    + length + " meet: take a longer one, or shorter segments.");
        }
        Collections.shuffle(meetings, new SplittableRandom(seed));
        return meetings;
    }

    private List<Finding> asked(
            String kind, Mode mode, Memory memory, TokenFile tokens, List<Long> meetings, Adaptation weights) {
        List<Finding> findings = new ArrayList<>();
        try (Context context = new Context(lift.model().transformer(), weights)) {
            for (int i = 0; i + 1 < meetings.size(); i += 2) {
                Choice choice = Choice.at(meetings.get(i), meetings.get(i + 1), passage, tokens);
                findings.add(finding(kind, mode, memory, i / 2 + 1, choice, choice.margin(context)));
            }
        }
        return findings;
    }

    private Finding finding(String kind, Mode mode, Memory memory, int number, Choice choice, double margin) {
        String first = text(choice.begin());
        String second = text(choice.otherBegin());
        return new Finding.Scored(
                SET,
                kind,
                memory.manifest().documentSha256(),
                memory.manifest().title(),
                number,
                "What follows on each? [0] " + text(choice.end()) + " [1] " + text(choice.otherEnd()),
                "[0] " + first + " [1] " + second,
                mode.toString(),
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
