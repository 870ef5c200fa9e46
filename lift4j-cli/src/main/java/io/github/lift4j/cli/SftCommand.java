package io.github.lift4j.cli;

import io.github.lift4j.Lift;
import io.github.lift4j.recipe.RecipeFile;
import io.github.lift4j.sft.SftPlan;
import io.github.lift4j.sft.TunedBase;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code lift sft}: fine-tuning on many documents beforehand. */
@Command(
        name = "sft",
        mixinStandardHelpOptions = true,
        description = "Fine-tunes the model on the documents of a folder and writes a base to absorb others on.",
        footer = {
            "",
            "Example:",
            "  lift sft corpus/ --out base --recipe self-study",
            "  lift absorb book.pdf --base base && lift ask book.pdf.memory \"...\" --mode sft+lift+at+icl",
            "",
            "Started again after a kill it goes on from the last whole epoch."
        })
final class SftCommand implements Callable<Integer> {

    @Parameters(paramLabel = "CORPUS_DIR", description = "A folder with at least two documents directly in it.")
    private Path corpus;

    @Option(names = "--out", paramLabel = "BASE", required = true, description = "The base's folder.")
    private Path out;

    @Option(
            names = "--recipe",
            paramLabel = "NAME|FILE",
            defaultValue = "self-study",
            description = "How documents are cut, trained and asked about (default: ${DEFAULT-VALUE}).")
    private String recipe;

    @Option(names = "--epochs", defaultValue = "20", description = "Visits of each document (default: 20).")
    private int epochs;

    @Option(
            names = "--held-out",
            paramLabel = "SHARE",
            defaultValue = "0.1",
            description = "Share of the documents that is only watched (default: 0.1).")
    private double heldOut;

    @Option(
            names = "--patience",
            paramLabel = "EPOCHS",
            defaultValue = "5",
            description = "Ends when the watched loss was not better for so many epochs (default: 5).")
    private int patience;

    @Mixin
    private ModelOptions model;

    @Mixin
    private OutputOptions output;

    @Override
    public Integer call() {
        SftPlan plan = new SftPlan(epochs, heldOut, patience);
        try (ProgressDisplay progress = output.progress();
                Lift lift = model.open(Optional.empty(), progress)) {
            TunedBase base = lift.tune(corpus, RecipeFile.read(recipe), plan, out);
            progress.close();
            print(base);
        }
        return 0;
    }

    private void print(TunedBase base) {
        double best = base.heldOutLosses().get(base.best() - 1);
        Map<String, Object> result = new LinkedHashMap<>();
        result.put("base", out.toString());
        result.put("documents", base.documents().size());
        result.put("held_out_documents", base.heldOut().size());
        result.put("epochs", base.epochs());
        result.put("best_epoch", base.best());
        result.put("held_out_loss", best);
        output.print(
                result,
                String.format(
                        Locale.ROOT,
                        "Fine-tuned on %d documents; after epoch %d of %d the %d held out had their lowest loss, %.3f.%n"
                                + "Absorb on it: lift absorb DOC --base %s",
                        base.documents().size(),
                        base.best(),
                        base.epochs(),
                        base.heldOut().size(),
                        best,
                        out));
    }
}
