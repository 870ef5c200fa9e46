/**
 * What is asked? The published benchmarks in their official formats: documents, questions, gold answers and evidence,
 * read as streams, with the official prompts. Nothing is downloaded here; {@link
 * io.github.lift4j.evaluation.benchmark.BenchmarkTask} says where each set comes from.
 */
@NullMarked
package io.github.lift4j.evaluation.benchmark;

import org.jspecify.annotations.NullMarked;
