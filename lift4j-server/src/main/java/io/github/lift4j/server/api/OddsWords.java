package io.github.lift4j.server.api;

import io.github.lift4j.engine.generation.TokenOdds;
import io.github.lift4j.engine.tokenizer.Tokenizer;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;

/** How likely an answer's tokens were, as the API gives it; of one answer, whose pieces come one after the other. */
final class OddsWords {

    /** What OpenAI's API says where something is as good as impossible: JSON knows no infinity. */
    private static final float IMPOSSIBLE = -9999;

    private final Tokenizer tokenizer;
    /** Characters that began in the tokens so far. */
    private int characters;

    OddsWords(Tokenizer tokenizer) {
        this.tokenizer = tokenizer;
    }

    /** Of a chat's tokens. */
    record OfChat(List<Chosen> content, Optional<String> refusal) {}

    /** A token that was written. */
    record Chosen(String token, float logprob, List<Integer> bytes, List<Likely> topLogprobs) {}

    /** A token that might have been. */
    record Likely(String token, float logprob, List<Integer> bytes) {}

    /** Of a text's tokens, each list with one entry for each. */
    record OfText(
            List<String> tokens,
            List<Float> tokenLogprobs,
            List<Map<String, Float>> topLogprobs,
            List<Integer> textOffset) {}

    OfChat ofChat(List<TokenOdds> tokens) {
        return new OfChat(tokens.stream().map(this::chosen).toList(), Optional.empty());
    }

    private Chosen chosen(TokenOdds odds) {
        Likely own = likely(odds.chosen());
        return new Chosen(
                own.token(),
                own.logprob(),
                own.bytes(),
                odds.likeliest().stream().map(this::likely).toList());
    }

    private Likely likely(TokenOdds.Odds odds) {
        byte[] bytes = tokenizer.bytes(odds.id());
        return new Likely(
                new String(bytes, StandardCharsets.UTF_8),
                finite(odds),
                IntStream.range(0, bytes.length).mapToObj(i -> bytes[i] & 0xFF).toList());
    }

    private static float finite(TokenOdds.Odds odds) {
        return Math.max(odds.logProbability(), IMPOSSIBLE);
    }

    OfText ofText(List<TokenOdds> tokens) {
        OfText all = new OfText(new ArrayList<>(), new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
        for (TokenOdds odds : tokens) {
            all.tokens().add(spelled(odds.chosen().id()));
            all.tokenLogprobs().add(finite(odds.chosen()));
            Map<String, Float> top = new LinkedHashMap<>();
            odds.likeliest().forEach(likely -> top.put(spelled(likely.id()), finite(likely)));
            top.put(spelled(odds.chosen().id()), finite(odds.chosen()));
            all.topLogprobs().add(top);
            all.textOffset().add(offset(odds.chosen().id()));
        }
        return all;
    }

    /** Where these tokens have no bytes beside them, those that are no whole characters are told apart as OpenAI does. */
    private String spelled(int id) {
        byte[] bytes = tokenizer.bytes(id);
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
        } catch (CharacterCodingException part) {
            StringBuilder escaped = new StringBuilder("bytes:");
            for (byte each : bytes) {
                escaped.append(String.format("\\x%02x", each & 0xFF));
            }
            return escaped.toString();
        }
    }

    /** The place in the answer's text where a token begins, within a character where that is begun by another. */
    private int offset(int id) {
        byte[] bytes = tokenizer.isControl(id) ? new byte[0] : tokenizer.bytes(id);
        boolean within = characters > 0 && bytes.length > 0 && goesOn(bytes[0]);
        int offset = within ? characters - 1 : characters;
        for (byte each : bytes) {
            characters += goesOn(each) ? 0 : 1;
        }
        return offset;
    }

    /** Whether a byte is not a character's first in UTF-8. */
    private static boolean goesOn(byte value) {
        return (value & 0xC0) == 0x80;
    }
}
