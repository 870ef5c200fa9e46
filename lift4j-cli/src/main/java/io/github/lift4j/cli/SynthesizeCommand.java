package io.github.lift4j.cli;

import io.github.lift4j.Lift;
import io.github.lift4j.document.Document;
import io.github.lift4j.engine.LiftException;
import io.github.lift4j.recipe.Recipe;
import io.github.lift4j.recipe.RecipeFile;
import io.github.lift4j.recipe.TaskSettings;
import io.github.lift4j.task.Effort;
import io.github.lift4j.task.Task;
import io.github.lift4j.task.TaskFile;
import io.github.lift4j.task.TaskJournal;
import io.github.lift4j.task.TaskSource;
import io.github.lift4j.task.TaskSources;
import java.io.IOException;
import java.io.Reader;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.IntStream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code lift synthesize}: makes a document's tasks and trains nothing, for a person to read and edit. */
@Command(
        name = "synthesize",
        mixinStandardHelpOptions = true,
        description =
                "Makes the auxiliary tasks of a document, one JSON object a line, to be read, edited and trained.",
        footer = {
            "",
            "Example:",
            "  lift synthesize book.pdf --out tasks.jsonl",
            "  lift absorb book.pdf --tasks tasks.jsonl",
            "",
            "How they are made is the recipe's tasks section: self-study and every-sentence ask the model itself; with",
            "'author: {kind: endpoint, ...}' it is one behind an OpenAI-compatible endpoint, its key in OPENAI_API_KEY.",
            "",
            "Started again after a kill it goes on: what was made lies beside the file, ending in .partial."
        })
final class SynthesizeCommand implements Callable<Integer> {

    @Parameters(paramLabel = "DOC", description = "Text, Markdown, HTML, PDF, EPUB or DOCX file.")
    private Path file;

    @Option(names = "--out", paramLabel = "FILE", required = true, description = "Where the tasks go.")
    private Path out;

    @Option(
            names = "--recipe",
            paramLabel = "NAME|FILE",
            defaultValue = "self-study",
            description = "Whose tasks section says how (default: ${DEFAULT-VALUE}).")
    private String recipe;

    @Mixin
    private ModelOptions model;

    @Mixin
    private OutputOptions output;

    @Override
    public Integer call() throws IOException {
        Recipe read = RecipeFile.read(recipe);
        TaskSettings settings = read.tasks()
                .orElseThrow(() -> new LiftException(
                        "The recipe " + read.name() + " makes no tasks: use one that does, such as self-study."));
        long started = System.nanoTime();
        Path partial = out.resolveSibling(out.getFileName() + ".partial");
        try (ProgressDisplay progress = output.progress();
                Lift lift = model.open(Optional.empty(), progress);
                Document document = Document.open(file)) {
            TaskSource source =
                    TaskSources.of(lift.model(), document.title(), text(document), settings.sources(), read.seed());
            List<Task> tasks = make(source, partial, progress);
            TaskFile.write(out, tasks);
            Files.delete(partial);
            progress.close();
            print(tasks.size(), source.units(), (System.nanoTime() - started) / 1e9);
        }
        return 0;
    }

    private static List<Task> make(TaskSource source, Path partial, ProgressDisplay progress) {
        List<Integer> order = IntStream.range(0, source.units()).boxed().toList();
        try (TaskJournal journal = TaskJournal.open(partial, source, order, 1)) {
            Effort effort = journal.effort();
            if (effort.requests() > 0) {
                progress.note(effort.toString());
            }
            for (int unit : order) {
                journal.tasks(unit);
                String left = String.format(Locale.ROOT, "%.0f s left", journal.secondsLeft());
                progress.advance("Making tasks", unit + 1L, source.units(), left);
            }
            return journal.all();
        }
    }

    private static String text(Document document) throws IOException {
        StringWriter whole = new StringWriter();
        try (Reader reader = document.open()) {
            reader.transferTo(whole);
        }
        return whole.toString();
    }

    private void print(int tasks, int units, double seconds) {
        Map<String, Object> result = new LinkedHashMap<>();
        result.put("tasks_file", out.toString());
        result.put("tasks", tasks);
        result.put("units", units);
        result.put("seconds", seconds);
        output.print(
                result,
                String.format(
                        Locale.ROOT,
                        "Made %,d tasks out of %,d passages or lines in %.0f s: %s",
                        tasks,
                        units,
                        seconds,
                        out));
    }
}
