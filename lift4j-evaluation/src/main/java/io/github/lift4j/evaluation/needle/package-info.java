/**
 * Can a single fact be recalled out of a long text? The needle test (Kamradt 2023, github.com/gkamradt/LLMTest_NeedleInAHaystack;
 * Figure 4 of the LIFT paper): an invented fact, the {@link io.github.lift4j.evaluation.needle.Needle}, is put at some
 * depth into a {@link io.github.lift4j.evaluation.needle.Haystack} of some length, and asked for.
 */
@NullMarked
package io.github.lift4j.evaluation.needle;

import org.jspecify.annotations.NullMarked;
