package io.github.lift4j.engine.tokenizer;

import io.github.lift4j.engine.LiftException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeSet;

/**
 * Turns text into token ids and back, exactly as Hugging Face's tokenizer of the same model does.
 *
 * <p>Thread-safe: any number of threads may use one tokenizer at once. It holds native memory; {@link #close()} frees
 * it after the calls under way, and later calls are refused with a {@link LiftException}. Native calls pin a virtual
 * thread to its carrier; prefer platform threads for long texts. Nothing is sent to or fetched from a network.
 */
public final class Tokenizer implements AutoCloseable {

    /** Tokens by which models end a turn of a chat; they stop a text when the model's own template writes them. */
    private static final List<String> ENDS_OF_TURN = List.of(
            "<|im_end|>",
            "<|eot_id|>",
            "<|eom_id|>",
            "<|end|>",
            "<end_of_turn>",
            "<|end_of_text|>",
            "<|end_of_turn|>",
            "<|endofturn|>",
            "<|return|>");

    private final NativeTokenizer tokenizer;
    private final TokenizerFile file;
    private final OptionalInt bos;
    private final NavigableSet<Integer> stopIds;
    private final Optional<ChatTemplate> chatTemplate;
    private final boolean addsBos;
    /** A text that is the same before any other. */
    private final int[] before;

    private Tokenizer(TokenizerParts parts, String origin) {
        file = TokenizerFile.parse(parts.json(), origin);
        bos = id(parts.specialTokens(), "bos_token");
        chatTemplate = parts.chatTemplate().map(source -> ChatTemplate.of(source, parts.specialTokens()));
        stopIds = stopIds(parts);
        tokenizer = NativeTokenizer.of(parts.json(), origin);
        before = tokenizer.encode("a", false);
        addsBos = bos.isPresent() && parts.addsBos().orElseGet(this::putsBosFirst);
    }

    /**
     * Opens the tokenizer of a model folder.
     *
     * @param folder holds {@code tokenizer.json} and, as far as the model has them, {@code tokenizer_config.json},
     *     {@code special_tokens_map.json}, {@code generation_config.json}, {@code config.json} and the chat template
     * @throws LiftException if a file is missing or damaged
     */
    public static Tokenizer open(Path folder) {
        return new Tokenizer(TokenizerFolder.read(folder), folder.toString());
    }

    /**
     * Rebuilds the tokenizer that a GGUF file describes.
     *
     * @param metadata the file's keys and values; of them those that begin with {@code tokenizer.} are read. Values
     *     are texts, numbers, flags, and lists or arrays of these
     * @throws LiftException if the description is damaged or of a kind that is unknown here
     */
    public static Tokenizer fromGguf(Map<String, ?> metadata) {
        return new Tokenizer(GgufTokenizer.read(metadata), "the GGUF file");
    }

    /**
     * The ids of a text. Nothing is added before or after it; the texts of special tokens in it ({@code <|im_end|>})
     * become those tokens. For long documents use {@link TokenStream}.
     */
    public int[] encode(String text) {
        return tokenizer.encode(text, false);
    }

    /** The text of ids, special tokens written out. Bytes that are no valid UTF-8 become U+FFFD. */
    public String decode(int[] ids) {
        return decode(ids, false);
    }

    /**
     * The text of ids.
     *
     * @param skipSpecialTokens whether control tokens ({@code <|im_end|>}) are left out
     */
    public String decode(int[] ids, boolean skipSpecialTokens) {
        return tokenizer.decode(ids, skipSpecialTokens);
    }

    /**
     * What one token adds to a text that it does not begin, in UTF-8. Characters may be spread over several tokens, so the
     * bytes of one need not be whole characters. Control tokens are written out; an id of no token has no bytes.
     */
    public byte[] bytes(int id) {
        if (!file.has(id)) {
            return new byte[0];
        }
        if (file.isByteToken(id)) {
            return new byte[] {(byte) Integer.parseInt(file.piece(id).substring(3, 5), 16)};
        }
        Optional<byte[]> spelled =
                file.isByteLevel() && !file.isAdded(id) ? ByteAlphabet.bytes(file.piece(id)) : Optional.empty();
        return spelled.orElseGet(() -> behindOthers(id).getBytes(StandardCharsets.UTF_8));
    }

    /** A decoder treats the first token of a text in its own way. */
    private String behindOthers(int id) {
        int[] ids = Arrays.copyOf(before, before.length + 1);
        ids[before.length] = id;
        return decode(ids).substring(decode(before).length());
    }

    /** Whether an id is a control token ({@code <|im_end|>}), which decoding can leave out. */
    public boolean isControl(int id) {
        return file.isSpecial(id);
    }

    /** One more than the largest id; a model's embedding may have more rows, never needed ones fewer. */
    public int size() {
        return file.size();
    }

    /** The id of a token by its exact text in the vocabulary's own spelling ({@code <|im_end|>}, {@code Ġthe}). */
    public OptionalInt id(String token) {
        return file.id(token);
    }

    /** The begin-of-text token, if the model has one. */
    public OptionalInt bos() {
        return bos;
    }

    /** Whether the model was trained with {@link #bos()} before plain text; {@link #encode} does not add it. */
    public boolean addsBos() {
        return addsBos;
    }

    /**
     * The ids after which a model has said all it had to say: the end-of-text tokens of the generation config, the
     * model config and the tokenizer, and the token that ends a turn in the chat template. Ascending; may be empty.
     */
    public Set<Integer> stopIds() {
        return stopIds;
    }

    /** The model's chat template; base models have none. */
    public Optional<ChatTemplate> chatTemplate() {
        return chatTemplate;
    }

    /**
     * The model's chat template.
     *
     * @throws LiftException if it has none
     */
    public ChatTemplate requireChatTemplate() {
        return chatTemplate.orElseThrow(() -> new LiftException(
                "This model has no chat template; choose an instruction-tuned model, or prompt it with plain text"));
    }

    @Override
    public void close() {
        tokenizer.close();
    }

    TokenizerFile file() {
        return file;
    }

    private boolean putsBosFirst() {
        int[] ids = tokenizer.encode("a", true);
        return ids.length > 0 && ids[0] == bos.orElseThrow();
    }

    private NavigableSet<Integer> stopIds(TokenizerParts parts) {
        NavigableSet<Integer> stops = new TreeSet<>(parts.stopIds());
        id(parts.specialTokens(), "eos_token").ifPresent(stops::add);
        String template = parts.chatTemplate().orElse("");
        for (String token : ENDS_OF_TURN) {
            if (template.contains(token)) {
                file.id(token).ifPresent(stops::add);
            }
        }
        return Collections.unmodifiableNavigableSet(stops);
    }

    private OptionalInt id(Map<String, String> specialTokens, String role) {
        String token = specialTokens.get(role);
        return token == null ? OptionalInt.empty() : file.id(token);
    }
}
