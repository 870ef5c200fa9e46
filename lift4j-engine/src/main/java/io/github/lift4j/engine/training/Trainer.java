package io.github.lift4j.engine.training;

import io.github.lift4j.engine.LiftException;
import io.github.lift4j.engine.adapter.Adapter;
import io.github.lift4j.engine.transformer.Transformer;
import io.github.lift4j.engine.weights.Safetensors;
import io.github.lift4j.engine.weights.SafetensorsWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalDouble;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.AutoGradMode;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;

/**
 * Trains an adapter on a frozen model, one step at a time: the caller owns the loop, and may save, pause or stop
 * between any two steps. Belongs to one thread at a time; close it to free the optimiser's state.
 */
public final class Trainer implements AutoCloseable {

    /**
     * What a step was like.
     *
     * @param loss the weighted sum of the targets' losses before the update, in nats
     * @param gradientNorm Euclidean norm of the gradient before clipping
     */
    public record Step(double loss, double gradientNorm) {}

    private final Transformer model;
    private final Adapter adapter;
    private final OptionalDouble clip;
    private final StepMemory memory;
    private final GradientPasses passes;
    private final AdamWState optimiser;

    /**
     * @param clip largest gradient norm, longer ones are shortened to it; empty for none
     * @param memory how many tokens go through the model at once; a larger step accumulates gradients
     */
    public Trainer(Transformer model, Adapter adapter, AdamW settings, OptionalDouble clip, StepMemory memory) {
        this.model = model;
        this.adapter = adapter;
        this.clip = clip;
        this.memory = memory;
        this.passes = GradientPasses.of(model, adapter, memory);
        this.optimiser = new AdamWState(settings, adapter.parameters());
    }

    /** How a step is fitted into memory. */
    public StepMemory memory() {
        return memory;
    }

    /** One optimiser step on the examples. */
    public Step step(List<TrainingExample> examples, double learningRate) {
        double loss = accumulate(examples);
        return new Step(loss, update(learningRate));
    }

    /**
     * Adds the examples' gradients to those of the step under way.
     *
     * @return the weighted sum of their targets' losses, in nats
     */
    public double accumulate(List<TrainingExample> examples) {
        double loss = 0;
        for (List<TrainingExample> batch : MicroBatches.of(examples, memory.tokens())) {
            loss += backward(batch);
        }
        return loss;
    }

    /**
     * Ends the step under way: moves the weights by what was accumulated.
     *
     * @return Euclidean norm of the gradient before clipping
     */
    public double update(double learningRate) {
        double norm = clip();
        optimiser.step(learningRate);
        return norm;
    }

    /**
     * Saves what the next step depends on: the trained weights, the optimiser's moments and its step count. The file
     * appears whole or not at all.
     */
    public void save(Path file) {
        new SafetensorsWriter()
                .add("values", adapter.parameters().values())
                .add("mean", optimiser.mean())
                .add("square", optimiser.square())
                .metadata("steps", Long.toString(optimiser.steps()))
                .write(file);
    }

    /**
     * Goes back to where {@link #save} was called.
     *
     * @throws LiftException where the file belongs to another run
     */
    public void restore(Path file) {
        try (Safetensors saved = Safetensors.open(file);
                PointerScope scope = new PointerScope();
                AutoGradMode off = new AutoGradMode(false)) {
            Tensor values = adapter.parameters().values();
            if (!saved.names().contains("values") || saved.shape("values")[0] != values.numel()) {
                throw new LiftException("The checkpoint " + file + " belongs to another run: absorb anew.");
            }
            values.copy_(saved.read("values"));
            long steps = Long.parseLong(saved.metadata().get("steps"));
            optimiser.restore(saved.read("mean"), saved.read("square"), steps);
        }
    }

    /** The weighted sum of the examples' losses with the weights as they are; nothing is learned. */
    public double loss(List<TrainingExample> examples) {
        double loss = 0;
        for (List<TrainingExample> batch : MicroBatches.of(examples, memory.tokens())) {
            try (PointerScope scope = new PointerScope();
                    AutoGradMode off = new AutoGradMode(false)) {
                PaddedBatch padded = PaddedBatch.of(batch, 1);
                TargetLoss targetLoss = new TargetLoss(model, adapter);
                Tensor hidden = model.hidden(model.ids(padded.ids(), padded.time()), adapter);
                loss += targetLoss
                                .value(hidden, targetLoss.chunks(padded.targets()))
                                .item_double()
                        - padded.targets().entropy();
            }
        }
        return loss;
    }

    private double backward(List<TrainingExample> batch) {
        try (PointerScope scope = new PointerScope()) {
            PaddedBatch padded = PaddedBatch.of(batch, passes.granule());
            Tensor ids = model.ids(padded.ids(), padded.time());
            Tensor loss = passes.run(ids, new TargetLoss(model, adapter).chunks(padded.targets()));
            return loss.item_double() - padded.targets().entropy();
        }
    }

    private double clip() {
        try (PointerScope scope = new PointerScope();
                AutoGradMode off = new AutoGradMode(false)) {
            Tensor gradients = adapter.parameters().gradients();
            double norm = gradients.norm().item_double();
            if (clip.isPresent() && norm > clip.getAsDouble()) {
                gradients.mul_(new Scalar(clip.getAsDouble() / (norm + 1e-6)));
            }
            return norm;
        }
    }

    @Override
    public void close() {
        passes.close();
        optimiser.close();
    }
}
