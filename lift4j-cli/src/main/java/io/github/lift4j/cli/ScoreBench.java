package io.github.lift4j.cli;

import io.github.lift4j.engine.hub.HubSettings;
import io.github.lift4j.evaluation.judge.Judge;
import io.github.lift4j.evaluation.judge.JudgedAnswer;
import io.github.lift4j.evaluation.metric.BertScore;
import io.github.lift4j.evaluation.result.Environment;
import io.github.lift4j.evaluation.result.ResultStore;
import io.github.lift4j.evaluation.result.RunFolder;
import io.github.lift4j.evaluation.suite.Rescoring;
import io.github.lift4j.remote.ChatAuthor;
import io.github.lift4j.remote.ChatSettings;
import io.github.lift4j.remote.Endpoint;
import io.github.lift4j.retrieval.TokenEmbedder;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code lift bench score}: what is added to a run's scores afterwards. */
@Command(
        name = "score",
        mixinStandardHelpOptions = true,
        description = {
            "Adds scores to a run's free answers: a judge's by LooGLE's prompts, or BERTScore. What has the score already is",
            "left as it is. The judge is behind OPENAI_BASE_URL, with the key OPENAI_API_KEY."
        },
        footer = {"", "Example:", "  lift bench score runs/small --judge gpt-4o"})
final class ScoreBench implements Callable<Integer> {

    @Spec
    private CommandSpec spec;

    @Parameters(paramLabel = "RUN", description = "The folder of a run.")
    private Path run;

    @Option(names = "--judge", paramLabel = "MODEL", description = "The model that judges.")
    private @Nullable String judge;

    @Option(names = "--bert-score", description = "BERTScore by the model that finds evidence.")
    private boolean bertScore;

    @Mixin
    private OutputOptions output;

    @Override
    public Integer call() {
        String model = judge == null ? "" : judge;
        if (model.isEmpty() && !bertScore) {
            throw new ParameterException(spec.commandLine(), "score needs --judge MODEL or --bert-score.");
        }
        RunFolder folder = RunFolder.open(run);
        Map<String, Integer> added = new LinkedHashMap<>();
        try (ResultStore store = folder.results()) {
            if (bertScore) {
                added.put("bert_score", byMeaning(folder, store));
            }
            if (!model.isEmpty()) {
                added.put("judge", judged(folder, store, model));
            }
        }
        StringBuilder words = new StringBuilder();
        added.forEach(
                (name, count) -> words.append(name).append(": ").append(count).append(" answers scored\n"));
        output.print(added, words.toString().stripTrailing());
        return 0;
    }

    private static int byMeaning(RunFolder folder, ResultStore store) {
        try (TokenEmbedder embedder = TokenEmbedder.open()) {
            BertScore score = new BertScore(embedder::embed);
            note(folder, "BERTScore's model", embedder.name());
            return Rescoring.add(
                    store,
                    "bert_score",
                    found -> found.stream()
                            .map(answer -> OptionalDouble.of(score.score(answer.answer(), answer.gold())))
                            .toList());
        }
    }

    private static int judged(RunFolder folder, ResultStore store, String model) {
        Path cache = HubSettings.fromEnvironment(System.getenv()).liftHome().resolve("judge");
        try (ChatAuthor author =
                ChatAuthor.open(Endpoint.fromEnvironment(), ChatSettings.of(model, cache), new SplittableRandom(0))) {
            Judge asked = new Judge(author, model);
            int count = Rescoring.add(
                    store,
                    "judge",
                    found -> asked.answers(found.stream()
                            .map(answer -> new JudgedAnswer(answer.question(), answer.gold(), answer.answer()))
                            .toList()));
            List<String> versions = author.versions();
            note(folder, "judge", versions.isEmpty() ? model : String.join(", ", versions));
            return count;
        }
    }

    /** What judged belongs to what the figures hold for. */
    private static void note(RunFolder folder, String name, String value) {
        folder.alone(() -> {
            Environment before = folder.environment();
            Map<String, String> details = new TreeMap<>(before.details());
            details.put(name, value);
            folder.begin(folder.suite(), before.withDetails(details));
        });
    }
}
