package io.github.lift4j.task;

import io.github.lift4j.engine.generation.BatchWriter;
import io.github.lift4j.engine.generation.Sampling;
import io.github.lift4j.engine.generation.Written;
import io.github.lift4j.engine.model.LanguageModel;
import io.github.lift4j.engine.transformer.Adaptation;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The base model as an author; it writes its answers side by side.
 *
 * @param model stays its owner's
 */
public record BaseAuthor(LanguageModel model) implements Author {

    /** Prompts that can be answered side by side. */
    private record Kind(double temperature, int mostTokens) {}

    @Override
    public List<String> write(List<Prompt> prompts) {
        Map<Kind, List<Integer>> kinds = new LinkedHashMap<>();
        for (int i = 0; i < prompts.size(); i++) {
            Prompt prompt = prompts.get(i);
            kinds.computeIfAbsent(new Kind(prompt.temperature(), prompt.mostTokens()), _ -> new ArrayList<>())
                    .add(i);
        }
        List<String> texts = new ArrayList<>(Collections.nCopies(prompts.size(), ""));
        kinds.forEach((kind, places) -> {
            List<Written> written =
                    write(kind, places.stream().map(prompts::get).toList());
            for (int i = 0; i < places.size(); i++) {
                texts.set(places.get(i), text(written.get(i)));
            }
        });
        return texts;
    }

    private List<Written> write(Kind kind, List<Prompt> prompts) {
        BatchWriter writer = new BatchWriter(
                model.transformer(), Adaptation.NONE, model.tokenizer().stopIds());
        List<int[]> ids = prompts.parallelStream().map(this::encode).toList();
        List<Long> seeds = prompts.stream().map(Prompt::seed).toList();
        return writer.write(ids, new Sampling(kind.temperature(), 0, 1, 1, 0), seeds, kind.mostTokens(), 0);
    }

    private int[] encode(Prompt prompt) {
        String text = model.tokenizer().requireChatTemplate().render(prompt.messages(), true);
        return model.tokenizer().encode(text);
    }

    private String text(Written written) {
        String text = model.tokenizer().decode(written.ids(), true).strip();
        return written.stop().isPresent() ? text : Author.wholeLines(text);
    }

    @Override
    public void close() {}
}
