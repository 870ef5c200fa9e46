package io.github.lift4j.absorb;

import io.github.lift4j.document.TokenFile;
import io.github.lift4j.engine.training.TrainingExample;
import io.github.lift4j.recipe.Recipe;
import io.github.lift4j.segment.Segment;
import io.github.lift4j.segment.Segments;
import io.github.lift4j.segment.ShuffledOrder;
import java.util.ArrayList;
import java.util.List;

/** The steps of a run over a document's segments: which segments each trains is a function of the seed alone. */
final class SegmentBatches {

    /**
     * One step's examples, weighted so that their loss is the mean over target tokens.
     *
     * @param tokens how many tokens go through the model
     */
    record Batch(List<TrainingExample> examples, long tokens) {}

    private final TokenFile tokens;
    private final Recipe recipe;
    private final Segments segments;
    private final long stepsPerEpoch;
    private int epoch = -1;
    private ShuffledOrder order;

    SegmentBatches(TokenFile tokens, Recipe recipe) {
        this.tokens = tokens;
        this.recipe = recipe;
        this.segments = recipe.segments().segmentation().over(tokens.length());
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
            chosen.add(segments.get(shuffled.at(i)));
        }
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
