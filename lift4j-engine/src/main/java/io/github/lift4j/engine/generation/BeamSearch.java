package io.github.lift4j.engine.generation;

import io.github.lift4j.engine.transformer.Adaptation;
import io.github.lift4j.engine.transformer.KeyValueCache;
import io.github.lift4j.engine.transformer.Transformer;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.stream.IntStream;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.AutoGradMode;
import org.bytedeco.pytorch.T_TensorTensor_T;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/**
 * Beam search: writes the likeliest beginnings of a text side by side and decides late which of them is gone on with, so
 * that a first word that is likely does not win over a likelier sentence. Texts that have ended are compared by their mean
 * log-probability a token, the end included.
 *
 * @param prefix what was read before; it stays as it is
 * @param beams how many beginnings are kept, at least 1
 */
record BeamSearch(Transformer model, Adaptation adaptation, KeyValueCache prefix, int beams) {

    /** A beginning, and the sum of its tokens' log-probabilities. */
    private record Beam(int[] ids, double score) {

        Beam with(int id, double total) {
            int[] longer = Arrays.copyOf(ids, ids.length + 1);
            longer[ids.length] = id;
            return new Beam(longer, total);
        }

        double mean(int ends) {
            return score / (ids.length + ends);
        }
    }

    /** One that may be gone on with: behind which row, by which token. */
    private record Candidate(int row, int id, double score) {}

    /**
     * Writes on from a suffix.
     *
     * @param suffix at least one token
     * @param limit longest text in tokens, at least 1
     * @return the tokens, without a stop id
     */
    int[] write(int[] suffix, Set<Integer> stops, int limit) {
        try (KeyValueCache cache = prefix.branch(new int[1])) {
            List<Beam> live = List.of(new Beam(new int[0], 0));
            Optional<Beam> ended = Optional.empty();
            int[] next = suffix;
            while (live.getFirst().ids.length < limit && !settled(ended, live.getFirst())) {
                if (Thread.currentThread().isInterrupted()) {
                    throw new CancellationException("interrupted while writing tokens");
                }
                List<Candidate> candidates = candidates(next, cache, live, stops.size());
                for (Candidate candidate : candidates.subList(0, beams)) {
                    if (stops.contains(candidate.id)) {
                        ended = better(ended, new Beam(live.get(candidate.row).ids, candidate.score));
                    }
                }
                List<Candidate> chosen = candidates.stream()
                        .filter(candidate -> !stops.contains(candidate.id))
                        .limit(beams)
                        .toList();
                List<Beam> before = live;
                live = chosen.stream()
                        .map(c -> before.get(c.row).with(c.id, c.score))
                        .toList();
                cache.keepRows(chosen.stream().mapToInt(Candidate::row).toArray());
                next = chosen.stream().mapToInt(Candidate::id).toArray();
            }
            return ended.orElse(live.getFirst()).ids;
        }
    }

    /** Whether what is still being written is no better than what has ended. */
    private static boolean settled(Optional<Beam> ended, Beam live) {
        return ended.isPresent() && ended.get().mean(1) >= live.mean(0);
    }

    private static Optional<Beam> better(Optional<Beam> best, Beam ended) {
        return best.filter(other -> other.mean(1) >= ended.mean(1)).or(() -> Optional.of(ended));
    }

    /** The likeliest ways on from every beam, likeliest first: at least as many as beams that do not end the text. */
    private List<Candidate> candidates(int[] next, KeyValueCache cache, List<Beam> live, int stops) {
        int each = beams + stops;
        try (PointerScope scope = new PointerScope();
                AutoGradMode off = new AutoGradMode(false)) {
            int width = next.length / live.size();
            Tensor hidden = model.hidden(model.ids(next, width), cache, adaptation);
            Tensor logits = model.logits(hidden.select(1, width - 1), adaptation);
            T_TensorTensor_T top = torch.topk(NativeFloats.logSoftmax(logits), each);
            float[] values = NativeFloats.of(top.get0());
            float[] ids = NativeFloats.of(top.get1().to(torch.ScalarType.Double).to(torch.ScalarType.Float));
            return IntStream.range(0, values.length)
                    .mapToObj(i -> new Candidate(i / each, (int) ids[i], live.get(i / each).score + values[i]))
                    .sorted(Comparator.comparingDouble((Candidate candidate) -> -candidate.score))
                    .toList();
        }
    }
}
