package io.github.lift4j.evaluation.suite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.lift4j.engine.LiftException;
import io.github.lift4j.evaluation.result.Unit;
import io.github.lift4j.recipe.RecipeFile;
import io.github.lift4j.recipe.TaskSettings;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SuiteFileTest {

    private static Suite parse(String yaml) {
        return SuiteFile.parse(yaml, Path.of("mine.yaml"));
    }

    @Test
    void whatIsLeftOutIsThePapersOwn() {
        Suite suite = parse("name: mine\nsets: [loogle/shortdep_qa]");
        assertThat(suite.models())
                .singleElement()
                .satisfies(model -> assertThat(model.name()).contains("SmolLM2"));
        assertThat(suite.seeds()).containsExactly(0L);
        assertThat(suite.answerTokens()).isEmpty();
        assertThat(suite.sets()).singleElement().satisfies(set -> {
            assertThat(set.modes()).hasToString("[icl, lift, lift+icl]");
            assertThat(set.recipes())
                    .singleElement()
                    .satisfies(recipe -> assertThat(recipe.name()).isEqualTo("fast"));
            assertThat(set.limit()).isEmpty();
        });
    }

    @Test
    void tasksAreAbsorbedForTheModesThatNeedThem() {
        Suite suite = parse(
                "name: mine\nsets: [{name: a, modes: [icl, lift+icl, lift+at+icl], recipes: [fast, self-study]}]");
        Suite.SetChoice set = suite.sets().getFirst();
        assertThat(set.recipesFor(set.modes().get(1))).extracting("name").containsExactly("fast");
        assertThat(set.recipesFor(set.modes().get(2))).extracting("name").containsExactly("self-study");
    }

    @Test
    void evidenceHasASource() {
        Suite suite = parse("name: mine\nevidence: gold\nmodes: [rag, lift+evidence+icl:recall]\n"
                + "sets: [a, {name: b, evidence: embedding}]");
        assertThat(suite.sets().get(0).modes()).hasToString("[rag:gold, lift+evidence+icl:recall]");
        assertThat(suite.sets().get(1).modes()).hasToString("[rag:embedding, lift+evidence+icl:recall]");
    }

    @Test
    void itsFoldersAreThoseOfItsSetsAndOfTheHaystack() {
        String sets = "name: mine\nsets: [loogle/shortdep_qa, loogle/longdep_qa, bamboo/showssort_4k]";
        assertThat(parse(sets).folders()).containsExactly("bamboo", "loogle");
        assertThat(parse(sets + "\nefficiency: {lengths: [64], repeat: 1, modes: [icl]}")
                        .folders())
                .containsExactly("bamboo", "loogle", "niah");
    }

    @Test
    void thePublishedSuitesAreSuites() {
        Path paper = Path.of("../suites/paper.yaml");
        Suite suite = SuiteFile.parse(SuiteFile.text(paper), paper);
        assertThat(suite.order().orElseThrow().passage()).isEqualTo(32);
        String closed = SuiteFile.text(paper).replace("# - { name: gpt", "- { name: gpt");
        assertThat(SuiteFile.parse(closed, paper).models().getLast().provider()).isPresent();
        Path small = Path.of("../suites/small.yaml");
        assertThat(SuiteFile.parse(SuiteFile.text(small), small).name()).isEqualTo("small");
        assertThat(RecipeFile.read("../suites/recipes/ordering-sft.yaml")
                        .tasks()
                        .orElseThrow()
                        .sources())
                .containsExactly(new TaskSettings.Joints(128, 2700));
        Path ordering = Path.of("../suites/ordering.yaml");
        assertThat(SuiteFile.parse(SuiteFile.text(ordering), ordering).sets())
                .singleElement()
                .satisfies(set -> assertThat(set.modes()).hasToString("[icl, icl:joints, sft+icl, sft+icl:joints]"));
    }

    @Test
    void aClosedModelHasAnEndpoint() {
        Suite suite = parse("""
                name: mine
                models:
                  - gpt-2
                  - { name: gpt, weights: gpt-3.5-turbo-1106, endpoint: "https://api.openai.com/v1",
                      price: { training: 8, input: 3, output: 6 } }
                  - { name: gpt-4o, endpoint: "http://localhost:1/v1", window: 120000 }
                sets: [a]
                """);
        assertThat(suite.models().get(0).provider()).isEmpty();
        assertThat(suite.models().get(1))
                .isEqualTo(new Suite.ModelChoice(
                        "gpt",
                        "gpt-3.5-turbo-1106",
                        Optional.empty(),
                        Optional.of(new Unit.Provider("https://api.openai.com/v1", 14_000)),
                        new Suite.Price(8, 3, 6)));
        assertThat(suite.models().get(2).provider()).contains(new Unit.Provider("http://localhost:1/v1", 120_000));
        assertThat(suite.models().get(2).price()).isEqualTo(new Suite.Price(0, 0, 0));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "sets: [a] | name is missing",
                "name: n\\nsets: [a]\\nmodel: [x] | no model; known here are answer_tokens, document_tokens",
                "name: n\\nsets: [{name: a, limt: 1}] | no sets.[0].limt; known here are evidence, limit",
                "name: n\\nsets: [{name: a, limit: 0}] | a.limit",
                "name: n\\nsets: [{name: a, limit: many}] | sets.[0].limit",
                "name: n\\nsets: [a, a] | names each set once",
                "name: n | sets",
                "name: n\\nsets: [a]\\nmodes: [lift+ickl] | lift+ickl",
                "name: n\\nsets: [a]\\nmodes: [rag:bm52] | bm52",
                "name: n\\nsets: [a]\\nmodes: [icl:bm25] | icl has no evidence",
                "name: n\\nsets: [a]\\nmodes: [rag:recall] | recall",
                "name: n\\nsets: [a]\\nmodes: [lift:joints] | with 'icl' and without 'evidence', as in icl:joints",
                "name: n\\nsets: [a]\\nmodes: [rag:joints] | with 'icl' and without 'evidence', as in icl:joints",
                "name: n\\nsets: [a]\\nmodes: [icl:joint] | icl has no evidence",
                "name: n\\nefficiency: {lengths: [1024], modes: ['icl:joints']} | efficiency.modes",
                "name: n\\nsets: [a]\\nmodes: [lift+at+icl] | a recipe that has tasks",
                "name: n\\nsets: [a]\\nrecipes: [slow] | no recipe",
                "name: n\\nsets: [a]\\nseeds: [] | seeds",
                "name: n\\nsets: [a]\\nseeds: [one] | seeds",
                "name: n\\nneedles: {lengths: [1024]} | needles.depths is missing",
                "name: n\\nneedles: {lengths: [1024], depths: [50]} | from 0 to 1",
                "name: n\\nneedles: {lengths: [2], depths: [0]} | needles.lengths",
                "name: n\\nneedles: {lengths: [99], depths: [0], needles: 99} | needles.needles",
                "name: n\\nefficiency: {lengths: [1024], modes: [rag]} | efficiency.modes",
                "name: n\\nefficiency: {lengths: [1024], repeat: 0} | efficiency.repeat",
                "name: n\\norder: {lengths: [543]} | order.lengths",
                "name: n\\norder: {lengths: [1024], passage: 257} | order.passage",
                "name: [ | mend",
                "name: n\\nsets: [a]\\nmodels: [{name: m, window: 9}] | m.window",
                "name: n\\nsets: [a]\\nmodels: [{name: m, price: {training: 8, input: 3, output: 6}}] | m.price",
                "name: n\\nsets: [a]\\nmodels: [{name: m, endpoint: e, tuned: t}] | m.tuned",
                "name: n\\nsets: [a]\\nmodels: [{name: m, endpoint: e, window: 0}] | m.window",
                "name: n\\nsets: [a]\\nmodels: [{name: m, endpoint: e, price: {training: 8, input: 3}}] | output is missing",
                "name: n\\nsets: [a]\\nmodels: [{name: m, endpoint: e, price: {training: -8, input: 3, output: 6}}] | price",
            })
    void aMistakeIsNamed(String yaml, String named) {
        assertThatThrownBy(() -> parse(yaml.replace("\\n", "\n")))
                .isInstanceOf(LiftException.class)
                .hasMessageContaining("mine.yaml")
                .hasMessageContaining(named);
    }
}
