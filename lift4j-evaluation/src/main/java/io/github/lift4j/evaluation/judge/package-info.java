/**
 * Does an answer mean the same as the right one? A language model decides, asked with LooGLE's own prompts (Li et al. 2023),
 * as the paper's tables have it of GPT-4. Which model, and how it is reached, is the caller's: any {@link
 * io.github.lift4j.task.Author}. How far it can be trusted, {@link io.github.lift4j.evaluation.judge.JudgeAgreement} tells
 * against people's labels.
 */
@NullMarked
package io.github.lift4j.evaluation.judge;

import org.jspecify.annotations.NullMarked;
