/**
 * How are the paper's benchmarks run? A {@link io.github.lift4j.evaluation.suite.Suite} says what is to be measured, a
 * {@link io.github.lift4j.evaluation.suite.Plan} makes units of work of it and of the data, {@link
 * io.github.lift4j.evaluation.suite.UnitWork} does one of them, and {@link io.github.lift4j.evaluation.suite.SuiteRun} all
 * that are not done yet, or a {@link io.github.lift4j.evaluation.suite.Share} of them. Questions are put by a set's official
 * prompt where the document is in the window and no evidence is, else by the project's wording. A provider's models are
 * reached by {@link io.github.lift4j.evaluation.suite.ClosedModels}.
 */
@NullMarked
package io.github.lift4j.evaluation.suite;

import org.jspecify.annotations.NullMarked;
