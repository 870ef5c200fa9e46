/**
 * What does a model lose by absorbing? A small fixed set of instructions and of general knowledge, none of it about any
 * document, with a rule for each that says whether an answer passes. Ask it of the base model and of the base with a
 * memory; the difference is the price. Who answers, and how, is the caller's.
 */
@NullMarked
package io.github.lift4j.evaluation.probe;

import org.jspecify.annotations.NullMarked;
