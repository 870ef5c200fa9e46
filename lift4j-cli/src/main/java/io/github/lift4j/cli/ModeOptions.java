package io.github.lift4j.cli;

import io.github.lift4j.answer.Mode;
import io.github.lift4j.evidence.Evidence;
import java.util.function.Supplier;
import picocli.CommandLine.Option;

/** In which mode to answer, and how much. */
final class ModeOptions {

    @Option(
            names = "--mode",
            defaultValue = "lift+icl",
            description = {
                "icl (document in the window), lift (from the weights), lift+icl, lift+at+icl, sft+icl, sft+lift+icl,",
                "sft+lift+at+icl, evidence+icl, lift+evidence+icl, or rag (passages found, base model)",
                "(default: ${DEFAULT-VALUE})."
            })
    private String mode;

    @Option(
            names = "--evidence",
            paramLabel = "SOURCE",
            defaultValue = "bm25",
            description = "Where a mode with evidence has it from: bm25 (words), embedding (meaning), or recall (the"
                    + " memory writes what it remembers) (default: ${DEFAULT-VALUE}).")
    private String evidence;

    @Option(names = "--max-tokens", defaultValue = "128", description = "Longest answer (default: ${DEFAULT-VALUE}).")
    private int limit;

    Mode mode() {
        return Mode.parse(mode);
    }

    /** The evidence that the mode has of a document's text, or none; the caller closes it. */
    Evidence evidence(Supplier<String> text) {
        return mode().evidence() ? Evidence.named(evidence, text.get()) : Evidence.NONE;
    }

    int limit() {
        return limit;
    }
}
