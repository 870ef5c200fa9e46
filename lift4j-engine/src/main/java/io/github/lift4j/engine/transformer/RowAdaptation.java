package io.github.lift4j.engine.transformer;

import java.util.List;
import java.util.Optional;
import org.bytedeco.pytorch.Tensor;

/**
 * The adaptation of a batch whose rows may each have one of their own. It is told whose the rows are before a pass, and then
 * used like any other. Belongs to one thread at a time and may own native memory: close it.
 */
public interface RowAdaptation extends Adaptation, AutoCloseable {

    /**
     * From now on the rows of a pass are adapted by these.
     *
     * @param rows one for each row of the batch
     * @param room most rows that a pass has: behind those named are some whose output nobody looks at
     */
    void assign(List<Adaptation> rows, long room);

    @Override
    void close();

    /** That of a batch whose rows are all adapted alike. */
    static RowAdaptation alike(Adaptation all) {
        return new Alike(all);
    }

    /** Every row has the same. */
    record Alike(Adaptation all) implements RowAdaptation {

        @Override
        public void assign(List<Adaptation> rows, long room) {
            if (rows.stream().anyMatch(row -> row != all)) {
                throw new IllegalArgumentException("a row is adapted otherwise than the batch");
            }
        }

        @Override
        public long moves() {
            return all.moves();
        }

        @Override
        public Optional<Tensor> trained(Parameter parameter) {
            return all.trained(parameter);
        }

        @Override
        public Tensor project(Linear layer, Tensor input) {
            return all.project(layer, input);
        }

        @Override
        public List<Tensor> project(List<Linear> layers, Tensor input) {
            return all.project(layers, input);
        }

        @Override
        public void close() {
            // What adapts belongs to somebody else.
        }
    }
}
