package io.github.lift4j.engine.generation;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.T_TensorTensor_T;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/** One text of a batch while it is written. */
final class Row {

    final int index;
    boolean ended;
    private final int topChoices;
    private int[] ids = new int[32];
    private int length;
    private Optional<Integer> stop = Optional.empty();
    private int[] choices = {};
    private float[] logProbabilities = {};

    Row(int index, int topChoices) {
        this.index = index;
        this.topChoices = topChoices;
    }

    /** Notes the likeliest tokens of this position for all rows at once, {@code logits [rows, vocabulary]}. */
    static void noteChoices(List<Row> rows, Tensor logits) {
        int width = rows.getFirst().topChoices;
        if (width == 0) {
            return;
        }
        try (PointerScope scope = new PointerScope()) {
            T_TensorTensor_T top = torch.topk(NativeFloats.logSoftmax(logits), width);
            float[] values = NativeFloats.of(top.get0());
            float[] ids = NativeFloats.of(top.get1().to(torch.ScalarType.Double).to(torch.ScalarType.Float));
            for (int i = 0; i < rows.size(); i++) {
                if (!rows.get(i).ended) {
                    rows.get(i).note(values, ids, i * width);
                }
            }
        }
    }

    private void note(float[] values, float[] ids, int from) {
        int before = choices.length;
        choices = Arrays.copyOf(choices, before + topChoices);
        logProbabilities = Arrays.copyOf(logProbabilities, before + topChoices);
        for (int k = 0; k < topChoices; k++) {
            choices[before + k] = (int) ids[from + k];
            logProbabilities[before + k] = values[from + k];
        }
    }

    void take(int id, Set<Integer> stops) {
        if (ended) {
            return;
        }
        if (stops.contains(id)) {
            stop = Optional.of(id);
            ended = true;
            return;
        }
        if (length == ids.length) {
            ids = Arrays.copyOf(ids, length * 2);
        }
        ids[length++] = id;
    }

    void endAt(int limit, int room) {
        ended |= length >= Math.min(limit, room);
    }

    int[] ids() {
        return IntStream.of(ids).limit(length).toArray();
    }

    Written written() {
        return new Written(
                ids(),
                stop,
                topChoices == 0
                        ? Optional.empty()
                        : Optional.of(new TopChoices(topChoices, choices, logProbabilities)));
    }
}
