package io.github.lift4j.spring;

import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * What {@code lift4j.*} says.
 *
 * @param model a Hugging Face id, a folder, or a .gguf file; SmolLM2-135M-Instruct where it is not given
 * @param device auto, cpu, cuda:N, or cuda:N/GB where others use the GPU too
 * @param dtype auto, float32 or bfloat16
 * @param memory folder of the memory to answer from; without it there is no memory, and no chat model
 * @param mode how chat models answer, such as lift+icl
 * @param evidence where a mode with evidence has it from: recall, or bm25 and embedding of lift4j-retrieval
 */
@ConfigurationProperties("lift4j")
public record LiftProperties(
        @Nullable String model,
        @DefaultValue("auto") String device,
        @DefaultValue("auto") String dtype,
        @Nullable String memory,
        @DefaultValue("lift+icl") String mode,
        @DefaultValue("bm25") String evidence) {}
