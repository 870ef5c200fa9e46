package io.github.lift4j.sft;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.datatype.jdk8.Jdk8Module;
import io.github.lift4j.engine.AtomicFile;
import io.github.lift4j.engine.LiftException;
import io.github.lift4j.recipe.Recipe;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What {@code sft.json} says of a base that was fine-tuned beforehand; the weights lie beside it.
 *
 * @param version of this format
 * @param baseName what the model under it is called
 * @param baseSha256 hash of that model's weights
 * @param recipe how documents were cut and trained, and which tasks
 * @param plan how often, and what was held out
 * @param documents titles of those trained on, in the order of the folder
 * @param heldOut titles of those only watched
 * @param epochs how many there have been so far
 * @param best the one whose weights are kept, counted from 1; 0 before the first
 * @param losses mean joint loss over documents of each epoch, in nats a token
 * @param heldOutLosses the same over the held-out documents after each epoch
 */
public record TunedBase(
        int version,
        String baseName,
        String baseSha256,
        Recipe recipe,
        SftPlan plan,
        List<String> documents,
        List<String> heldOut,
        int epochs,
        int best,
        List<Double> losses,
        List<Double> heldOutLosses) {

    /** The version of the format that this code writes. */
    static final int CURRENT = 1;

    static final String FILE = "sft.json";

    private static final ObjectMapper JSON = new ObjectMapper()
            .registerModule(new Jdk8Module())
            .setPropertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
            .enable(SerializationFeature.INDENT_OUTPUT)
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES);

    public TunedBase {
        documents = List.copyOf(documents);
        heldOut = List.copyOf(heldOut);
        losses = List.copyOf(losses);
        heldOutLosses = List.copyOf(heldOutLosses);
    }

    /**
     * The base in a folder, where it is one.
     *
     * @throws LiftException where its file is damaged or of another format
     */
    public static Optional<TunedBase> in(Path folder) {
        Path file = folder.resolve(FILE);
        return Files.exists(file) ? Optional.of(read(file)) : Optional.empty();
    }

    static TunedBase read(Path file) {
        try {
            TunedBase base = JSON.readValue(file.toFile(), TunedBase.class);
            if (base.version != CURRENT) {
                throw new LiftException(file + " has format version " + base.version + " but this lift4j reads "
                        + CURRENT + ": use the lift4j that wrote it, or fine-tune anew.");
            }
            return base;
        } catch (JacksonException e) {
            throw new LiftException(file + " is damaged: fine-tune anew.", e);
        } catch (IOException e) {
            throw new LiftException(file + " cannot be read: check the disk and the permissions.", e);
        }
    }

    void write(Path file) {
        AtomicFile.write(file, out -> JSON.writeValue(out, this));
    }

    /** The same one epoch further. */
    TunedBase after(double loss, double heldOutLoss) {
        List<Double> trained = new ArrayList<>(losses);
        List<Double> watched = new ArrayList<>(heldOutLosses);
        trained.add(loss);
        watched.add(heldOutLoss);
        boolean better = best == 0 || heldOutLoss < heldOutLosses.get(best - 1);
        return new TunedBase(
                version,
                baseName,
                baseSha256,
                recipe,
                plan,
                documents,
                heldOut,
                epochs + 1,
                better ? epochs + 1 : best,
                trained,
                watched);
    }

    /** Whether there is nothing more to train: all epochs done, or none of the last ones was the best. */
    boolean done() {
        return epochs >= plan.epochs() || epochs - best >= plan.patience();
    }
}
