package io.github.lift4j.engine.weights;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.lift4j.engine.LiftException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch.ScalarType;

/**
 * A model on disk: its configuration and its weights, alike for Hugging Face's folders and for GGUF files.
 *
 * <p>Opening reads the headers only. Several threads may read at once; none may be reading when it is closed. Tensors
 * that were read do not depend on it staying open, so close it once a model is loaded: a mapped file counts as resident
 * memory while it is open.
 */
public sealed interface Checkpoint extends AutoCloseable permits FolderCheckpoint, GgufCheckpoint {

    /**
     * Opens a folder with config.json and safetensors files, a {@code .gguf} file, or a folder with one {@code .gguf}
     * file and no safetensors.
     *
     * @throws LiftException where there is no model, or one that is truncated, damaged or of an unknown kind
     */
    static Checkpoint open(Path path) {
        if (Files.isDirectory(path)) {
            return openFolder(path);
        }
        if (!Files.exists(path)) {
            throw new LiftException("There is no model at " + path + "; check the path.");
        }
        if (path.toString().endsWith(".safetensors")) {
            throw new LiftException(path + " holds weights only; give the folder that has its config.json beside it.");
        }
        return GgufCheckpoint.open(path);
    }

    private static Checkpoint openFolder(Path folder) {
        boolean hasConfig = Files.exists(folder.resolve(FolderCheckpoint.CONFIG));
        List<Path> ggufs = ggufs(folder);
        if (Safetensors.isIn(folder) && !hasConfig) {
            throw new LiftException("There is no config.json beside the weights in " + folder
                    + "; download the model again or give the folder of a whole model, not of an adapter.");
        }
        if (hasConfig && (Safetensors.isIn(folder) || ggufs.isEmpty())) {
            return FolderCheckpoint.open(folder);
        }
        return switch (ggufs.size()) {
            case 0 ->
                throw new LiftException("There is no model in " + folder
                        + " (neither a config.json nor a .gguf file); check the path or download the model again.");
            case 1 -> GgufCheckpoint.open(ggufs.getFirst());
            default ->
                throw new LiftException("There are " + ggufs.size() + " GGUF files in " + folder
                        + "; give the path of one of them, such as " + ggufs.getFirst() + ".");
        };
    }

    private static List<Path> ggufs(Path folder) {
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(file -> file.toString().endsWith(".gguf"))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw MappedFile.unreadable(folder, e);
        }
    }

    /**
     * The model's config.json as it stands; for a GGUF file its metadata under the same keys: {@code architectures},
     * {@code model_type} (llama, mistral, qwen2 or qwen3), {@code hidden_size}, {@code intermediate_size},
     * {@code num_hidden_layers}, {@code num_attention_heads}, {@code num_key_value_heads}, {@code head_dim},
     * {@code vocab_size}, {@code max_position_embeddings}, {@code hidden_act}, {@code rms_norm_eps},
     * {@code rope_theta}, {@code rope_scaling} (null, linear, yarn or llama3), {@code sliding_window} (of mistral),
     * {@code tie_word_embeddings}, {@code attention_bias}, {@code mlp_bias}, and where known {@code bos_token_id},
     * {@code eos_token_id} (a number or a list) and {@code pad_token_id}.
     */
    JsonNode config();

    /** The names of all tensors as Hugging Face has them: {@code model.layers.0.self_attn.q_proj.weight}. */
    Set<String> names();

    /**
     * The shape of a tensor; a linear layer's weight is {@code [out, in]}.
     *
     * @throws LiftException where there is no tensor of this name
     */
    long[] shape(String name);

    /**
     * Loads a tensor in Hugging Face's layout: contiguous, in main memory, to be closed by the caller (or by the
     * caller's {@code PointerScope}). What is stored otherwise is converted or dequantised, rounding to nearest even.
     *
     * @throws LiftException where there is no tensor of this name or not enough memory for it
     */
    Tensor read(String name, ScalarType type);

    /** The GGUF file behind this checkpoint, for its tokenizer and chat template; open as long as this is. */
    Optional<Gguf> gguf();

    /**
     * SHA-256 in hexadecimal over every byte of the weight files, by which a memory knows its base model again. For one
     * file (GGUF or safetensors) it is the file's own SHA-256, as the hub shows it; for shards the SHA-256 of their
     * digests in the order of their names. Computed at the first call, the shards in parallel, then kept: about 0.1 s
     * for the default model, some seconds for 16 GB. Nothing is sampled or cached on disk.
     *
     * @throws LiftException where the thread is interrupted meanwhile
     */
    String hash();

    @Override
    void close();
}
