package io.github.lift4j.absorb;

import io.github.lift4j.document.TokenFile;
import io.github.lift4j.engine.training.TrainingExample;
import io.github.lift4j.recipe.Recipe;
import io.github.lift4j.segment.Segment;
import io.github.lift4j.segment.Segments;
import io.github.lift4j.segment.ShuffledOrder;
import java.util.ArrayList;
import java.util.List;

/**
 * The steps of a run over a document's segments: which segments each trains is a function of the seed alone. Where the
 * document continues what is known already, each step also trains one segment of that, so that it is not forgotten.
 */
final class SegmentBatches {

    /**
     * One step's examples, weighted so that their loss is the mean over target tokens.
     *
     * @param tokens how many tokens go through the model
     */
    record Batch(List<TrainingExample> examples, long tokens) {}

    private final TokenFile tokens;
    private final Recipe recipe;
    private final long from;
    private final Segments segments;
    private final Segments known;
    private final ShuffledOrder repeated;
    private final long stepsPerEpoch;
    private int epoch = -1;
    private ShuffledOrder order;

    /** @param from how many tokens at the beginning are known already */
    SegmentBatches(TokenFile tokens, Recipe recipe, long from) {
        this.tokens = tokens;
        this.recipe = recipe;
        this.from = from;
        this.segments = recipe.segments().segmentation().over(tokens.length() - from);
        this.known = recipe.segments().segmentation().over(from);
        this.repeated = ShuffledOrder.of(known.count(), recipe.seed(), -1);
        this.stepsPerEpoch = Math.ceilDiv(segments.count(), recipe.segmentsPerStep());
        this.order = orderOf(0);
    }

    /** Steps of one pass over the segments. */
    long stepsPerEpoch() {
        return stepsPerEpoch;
    }

    /** How many steps the run has. */
    long steps() {
        return stepsPerEpoch * recipe.segments().epochs();
    }

    /** The batch of a step, counted from 0. */
    Batch at(long step) {
        ShuffledOrder shuffled = orderOf(Math.toIntExact(step / stepsPerEpoch));
        int first = Math.toIntExact(step % stepsPerEpoch) * recipe.segmentsPerStep();
        int last = Math.min(first + recipe.segmentsPerStep(), segments.count());
        List<Segment> chosen = new ArrayList<>();
        for (int i = first; i < last; i++) {
            Segment segment = segments.get(shuffled.at(i));
            chosen.add(new Segment(from + segment.start(), segment.length()));
        }
        if (known.count() > 0) {
            chosen.add(known.get(repeated.at(Math.toIntExact(step % known.count()))));
        }
        return batch(chosen);
    }

    /** Segments of what was known before, evenly spaced, by which forgetting is measured. */
    Batch sampleOfKnown(int most) {
        int count = Math.min(most, known.count());
        List<Segment> sample = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            sample.add(known.get(Math.toIntExact((long) i * known.count() / count)));
        }
        return batch(sample);
    }

    private Batch batch(List<Segment> chosen) {
        long total = chosen.stream().mapToLong(Segment::length).sum();
        float weight = 1f / (total - chosen.size());
        List<TrainingExample> examples = chosen.stream()
                .map(s -> TrainingExample.uniform(tokens.slice(s.start(), s.length()), weight))
                .toList();
        return new Batch(examples, total);
    }

    private ShuffledOrder orderOf(int epoch) {
        if (epoch != this.epoch) {
            this.epoch = epoch;
            order = ShuffledOrder.of(segments.count(), recipe.seed(), epoch);
        }
        return order;
    }
}
