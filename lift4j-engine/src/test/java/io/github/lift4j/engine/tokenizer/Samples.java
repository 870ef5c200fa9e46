package io.github.lift4j.engine.tokenizer;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Tuple;

/** The small tokenizers that {@code tokenizer/make.py} trained, and random texts that are hard on a tokenizer. */
final class Samples {

    static final List<String> ALL = List.of("byte_level", "regex", "sentencepiece", "unigram");

    private Samples() {}

    static Path folder(String name) {
        try {
            return Path.of(Samples.class.getResource("/tokenizer/" + name).toURI());
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    static Tokenizer open(String name) {
        return Tokenizer.open(folder(name));
    }

    static String resource(String name) {
        try (InputStream in = Samples.class.getResourceAsStream("/tokenizer/" + name)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Texts of mixed scripts, white space, digits, emoji, code, special tokens and long runs without a space. */
    static Arbitrary<String> texts() {
        Arbitrary<String> words = Arbitraries.of(
                "the",
                " the",
                "The storm",
                " and",
                "it's",
                " DON'T",
                "naïve",
                " über",
                "Привет",
                " שלום",
                "مرحبا",
                "हिन्दी",
                " पाठ",
                "日本語",
                "。",
                "中文，",
                "한국어",
                "\u1100\u1161",
                "e\u0301",
                "\u0301",
                "\u200d",
                "1998",
                " 3.14",
                "1,234,567",
                "½",
                "10²",
                "Ⅻ",
                "🙂",
                "👩‍👩‍👧",
                "🇩🇪",
                "\uFFFD",
                "’",
                "…",
                "“x”",
                "_",
                "\u0000");
        Arbitrary<String> spaces = Arbitraries.of(
                " ",
                "  ",
                "   ",
                "    ",
                "        ",
                "\t",
                "\t\t",
                "\n",
                "\n\n",
                "\r\n",
                "\r",
                "\u00a0",
                "\u3000",
                " \n ");
        Arbitrary<String> code = Arbitraries.of(
                "def f(x):\n    return {'a': x**2}",
                "if (a != b) {",
                "}\n\n",
                "i++",
                "// comment",
                "::",
                "<>",
                "####",
                "|---|");
        Arbitrary<String> special = Arbitraries.of(
                "<|im_start|>",
                "<|im_end|>",
                "<|endoftext|>",
                "<|eot_id|>",
                "<s>",
                "</s>",
                "[INST]",
                "<think>",
                "<unk>",
                "<|im_",
                "_start|>",
                "[IN",
                "ST]",
                "<0x0A>",
                "▁",
                "▁▁");
        Arbitrary<String> runs = Arbitraries.of("a", "ab", "x1", "日", "é", "-", "0", "🙂")
                .flatMap(unit -> Arbitraries.integers().between(1, 60).map(unit::repeat));
        Arbitrary<String> anything =
                Arbitraries.strings().withCharRange(' ', '\u2fff').ofMaxLength(6);
        // Half a surrogate pair, which no file has but a careless caller may.
        Arbitrary<String> broken = Arbitraries.of("\ud83d", "\ude42");
        return Arbitraries.frequencyOf(
                        Tuple.of(12, words),
                        Tuple.of(8, spaces),
                        Tuple.of(3, code),
                        Tuple.of(2, special),
                        Tuple.of(1, runs),
                        Tuple.of(2, anything),
                        Tuple.of(1, broken))
                .list()
                .ofMaxSize(60)
                .map(parts -> String.join("", parts));
    }
}
