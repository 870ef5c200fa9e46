package io.github.lift4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.lift4j.answer.Answerer;
import io.github.lift4j.answer.Mode;
import io.github.lift4j.document.Document;
import io.github.lift4j.engine.LiftException;
import io.github.lift4j.engine.Progress;
import io.github.lift4j.engine.model.StoredModel;
import io.github.lift4j.engine.training.Schedule;
import io.github.lift4j.exchange.ExportFormat;
import io.github.lift4j.exchange.MemoryExport;
import io.github.lift4j.exchange.MemoryImport;
import io.github.lift4j.memory.Memory;
import io.github.lift4j.recipe.AdapterSettings;
import io.github.lift4j.recipe.Recipe;
import io.github.lift4j.recipe.SegmentSettings;
import io.github.lift4j.recipe.TrainingSettings;
import io.github.lift4j.sft.SftPlan;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Memories on their way out and adapters on their way in, on a tiny random model. */
class ExchangeTest {

    private static final String TEXT = "The crew counted 37 gulls over the harbour. ".repeat(20);

    @TempDir
    private Path folder;

    @ParameterizedTest
    @CsvSource({"4, safetensors", "0, safetensors", "4, gguf", "0, gguf"})
    void aWholeModelAnswersAsTheMemoryDoes(int rank, String format) {
        Path out = folder.resolve(format.equals("gguf") ? "deep/er/model.gguf" : "model");
        String question = "How many gulls?";
        try (Lift base = TinyLift.open(Progress.SILENT);
                StoredModel stored = stored(TinyLift.FOLDER)) {
            Memory memory = absorb(base, rank, "m");
            new MemoryExport(memory, stored, Progress.SILENT)
                    .write(ExportFormat.parse(format, Optional.of("float32")), out);
            try (Lift exported = open(out);
                    Answerer learned = base.answerer(memory, Mode.LIFT, 8);
                    Answerer plain = base.answerer(memory, Mode.BASE, 8)) {
                // A memory of the exported model, whose own weights are not used, gives the same prompt.
                Memory other = absorb(exported, 4, "other");
                try (Answerer whole = exported.answerer(other, Mode.BASE, 8)) {
                    double nll = learned.score(question, "37 gulls");
                    assertThat(Math.abs(whole.score(question, "37 gulls") - nll))
                            .isLessThan(1e-3);
                    assertThat(Math.abs(plain.score(question, "37 gulls") - nll))
                            .isGreaterThan(1e-2);
                }
            }
        }
    }

    @Test
    void anExportedAdapterComesBackAndHasNoDocument() {
        try (Lift base = TinyLift.open(Progress.SILENT);
                StoredModel stored = stored(TinyLift.FOLDER)) {
            Memory memory = absorb(base, 4, "m");
            Path peft = folder.resolve("peft");
            new MemoryExport(memory, stored, Progress.SILENT).write(ExportFormat.parse("peft", Optional.empty()), peft);
            Memory imported = MemoryImport.of(peft, stored, folder.resolve("imported"));
            assertThat(Memory.open(imported.folder())).isEqualTo(imported);
            assertThat(imported.manifest().hasDocument()).isFalse();
            assertThat(imported.manifest().recipe().adapter().alpha()).isEqualTo(8);
            try (Answerer answerer = base.answerer(imported, Mode.LIFT, 8)) {
                assertThat(answerer.score("How many gulls?", "37 gulls")).isPositive();
            }
            for (String mode : List.of("icl", "lift+icl")) {
                assertThatThrownBy(() -> base.answerer(imported, Mode.parse(mode), 8))
                        .isInstanceOf(LiftException.class)
                        .hasMessageContaining("has no document");
            }
            assertThatThrownBy(imported::text).isInstanceOf(LiftException.class).hasMessageContaining("no document");
            try (Document more = Document.of("More", TEXT)) {
                assertThatThrownBy(() -> base.append(imported, more, recipe(4), folder.resolve("grown")))
                        .isInstanceOf(LiftException.class)
                        .hasMessageContaining("no document");
            }
        }
    }

    @Test
    void whatCannotBeExportedIsRefusedAndLeavesNothing() throws IOException {
        try (Lift base = TinyLift.open(Progress.SILENT);
                StoredModel stored = stored(TinyLift.FOLDER)) {
            MemoryExport full = new MemoryExport(absorb(base, 0, "full"), stored, Progress.SILENT);
            assertRefused(full, "peft", "no adapter");
            assertRefused(full, "gguf-lora", "no adapter");
            MemoryExport lora = new MemoryExport(absorb(base, 4, "lora"), stored, Progress.SILENT);
            Files.writeString(folder.resolve("out"), "mine");
            assertRefused(lora, "peft", "already");
            assertRefused(lora, "gguf", "already");
            assertThat(folder.resolve("out")).hasContent("mine");
            Files.delete(folder.resolve("out"));
            Files.delete(lora.memory().folder().resolve("adapter_model.safetensors"));
            assertRefused(lora, "safetensors", "adapter_model.safetensors");
            assertThatThrownBy(() -> MemoryImport.of(folder, stored, folder.resolve("out")))
                    .isInstanceOf(LiftException.class)
                    .hasMessageContaining("adapter_config.json");
        }
        try (Stream<Path> left = Files.list(folder)) {
            assertThat(left.map(path -> path.getFileName().toString())).containsExactlyInAnyOrder("full", "lora");
        }
    }

    @Test
    void aFineTunedBaseGoesIntoTheWholeModelOnly() throws IOException {
        Path corpus = Files.createDirectory(folder.resolve("corpus"));
        Files.writeString(corpus.resolve("a.txt"), TEXT);
        Files.writeString(corpus.resolve("b.txt"), TEXT.replace("37", "41"));
        Path tuned = folder.resolve("base");
        try (Lift base = TinyLift.open(Progress.SILENT)) {
            base.tune(corpus, recipe(4), new SftPlan(1, 0.5, 1), tuned);
        }
        try (Lift lift = open(tuned);
                StoredModel stored = stored(tuned);
                StoredModel untuned = stored(TinyLift.FOLDER)) {
            Memory memory = absorb(lift, 4, "m");
            assertRefused(new MemoryExport(memory, stored, Progress.SILENT), "peft", "fine-tuned beforehand");
            assertRefused(new MemoryExport(memory, untuned, Progress.SILENT), "gguf", "base model");
            Path out = folder.resolve("whole");
            new MemoryExport(memory, stored, Progress.SILENT)
                    .write(ExportFormat.parse("safetensors", Optional.of("float32")), out);
            try (Lift whole = open(out);
                    Answerer learned = lift.answerer(memory, Mode.parse("sft+lift"), 8);
                    Answerer exported = whole.answerer(absorb(whole, 4, "other"), Mode.BASE, 8)) {
                double nll = learned.score("How many gulls?", "37 gulls");
                assertThat(Math.abs(exported.score("How many gulls?", "37 gulls") - nll))
                        .isLessThan(1e-3);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"onnx:", "peft:float32", "safetensors:q8_0", "gguf:q4_0", "gguf-lora:q8_0"})
    void aFormatThatThereIsNotIsRefused(String typed) {
        String[] words = typed.split(":", -1);
        Optional<String> dtype = Optional.of(words[1]).filter(text -> !text.isEmpty());
        assertThatThrownBy(() -> ExportFormat.parse(words[0], dtype))
                .isInstanceOf(LiftException.class)
                .hasMessageContaining(":");
    }

    private void assertRefused(MemoryExport export, String format, String because) {
        assertThatThrownBy(() -> export.write(ExportFormat.parse(format, Optional.empty()), folder.resolve("out")))
                .isInstanceOf(LiftException.class)
                .hasMessageContaining(because);
    }

    private Memory absorb(Lift lift, int rank, String name) {
        try (Document document = Document.of("Gulls", TEXT)) {
            return lift.absorb(document, recipe(rank), folder.resolve(name));
        }
    }

    private static Recipe recipe(int rank) {
        return new Recipe(
                "test",
                new SegmentSettings(64, 24, 1),
                AdapterSettings.allLinear(rank, 8),
                new TrainingSettings(5e-3, 0.1, Schedule.Decay.LINEAR, 0.99, 0, 1, 256, 0, 1),
                Optional.empty(),
                5);
    }

    private static Lift open(Path model) {
        return Lift.open(options(model));
    }

    private static StoredModel stored(Path model) {
        return Lift.stored(options(model));
    }

    private static LiftOptions options(Path model) {
        return LiftOptions.defaults()
                .withModel(model.toString())
                .withDevice("cpu")
                .withDtype("float32");
    }
}
