package io.github.lift4j.evaluation.needle;

import io.github.lift4j.engine.LiftException;
import io.github.lift4j.engine.tokenizer.Tokenizer;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * The text that a needle is hidden in.
 *
 * @param title what the text is called in prompts
 * @param text not blank; used again from its start where a stack is longer
 */
public record Haystack(String title, String text) {

    /** How often a cut is mended: where a cut or a seam is, tokens may join or part. */
    private static final int MENDINGS = 6;

    /** How many tokens that may need at most. */
    private static final int SPARE = 32;

    /** From how many of its first sentences the hay may begin. */
    private static final int BEGINNINGS = 8;

    /** What a tokenizer gives for a character of which it has only the first bytes. */
    private static final Pattern BROKEN_END = Pattern.compile("\ufffd+\\z");

    /**
     * A full stop, with quotes or brackets behind it, where a sentence ends. The published essays have no space between
     * two paragraphs, so a capital may follow at once; a number or an abbreviation is none.
     */
    private static final Pattern SENTENCE_END =
            Pattern.compile("(?<=[\\p{Ll}\\p{N}\"'”’)\\]])[.!?]++[\"'”’)\\]]*+(?=\\s|\\p{Lu}|\\z)");

    public Haystack {
        if (text.isBlank()) {
            throw new LiftException("The haystack " + title + " has no text: name a folder of text files.");
        }
    }

    /**
     * Reads the texts of a folder, such as the original test's {@code PaulGrahamEssays}: all {@code .txt} files, one
     * behind the other in the order of their names.
     *
     * @throws LiftException where there is none, or one cannot be read
     */
    public static Haystack open(Path folder) {
        StringBuilder text = new StringBuilder();
        for (Path file : textFiles(folder)) {
            text.append(read(file));
        }
        return new Haystack(folder.toAbsolutePath().normalize().getFileName().toString(), text.toString());
    }

    private static List<Path> textFiles(Path folder) {
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(file -> file.toString().endsWith(".txt"))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new LiftException(
                    "There is no folder " + folder + " of texts to hide a needle in: name one with .txt files.", e);
        }
    }

    private static String read(Path file) {
        try {
            return Files.readString(file).replace("\r\n", "\n").replace('\r', '\n');
        } catch (CharacterCodingException e) {
            throw new LiftException(file + " is not UTF-8 text: save it as UTF-8, or take it out of the folder.", e);
        } catch (IOException e) {
            throw new LiftException(file + " cannot be read: check the disk and the permissions.", e);
        }
    }

    /**
     * Hides a needle: the text is cut to the wanted length and the needle put in at the end of the sentence at or before
     * the depth, as the original test does (there, at a full stop). The length is exact: it counts the whole text's tokens, the needle's included.
     *
     * @param tokens of the whole, by the given tokenizer
     * @param depth 0 for the start to 1 for the very end
     * @throws LiftException where the needle alone is longer
     */
    public Stack hide(Needle needle, int tokens, double depth, Tokenizer tokenizer) {
        if (!(depth >= 0 && depth <= 1)) {
            throw new LiftException("A needle lies at a depth from 0 to 1, not at " + depth + ".");
        }
        int line = tokenizer.encode(needle.line()).length;
        if (line >= tokens) {
            throw new LiftException("The needle " + needle.id() + " has " + line
                    + " tokens and does not fit into a stack of " + tokens + ": ask for a longer one.");
        }
        for (int begin : beginnings()) {
            int[] hay = hay(begin, tokens + SPARE, tokenizer);
            int kept = tokens - line;
            for (int mending = 0; mending < MENDINGS && kept >= 0 && kept <= hay.length; mending++) {
                Stack stack = stack(needle, hay, kept, depth, tokenizer);
                int surplus = tokenizer.encode(stack.text()).length - tokens;
                if (surplus == 0) {
                    return stack;
                }
                kept -= surplus;
            }
        }
        throw new LiftException("No cut of the haystack " + title + " with the needle " + needle.id() + " at depth "
                + depth + " has exactly " + tokens + " tokens: ask for a few more or fewer.");
    }

    /**
     * So many tokens of it from its start, once through: joining or parting at the end, a token more or less.
     *
     * @throws LiftException where it has not as many
     */
    public String beginning(int tokens, Tokenizer tokenizer) {
        int[] ids = tokenizer.encode(text);
        if (ids.length < tokens) {
            throw new LiftException("The haystack " + title + " has " + ids.length + " tokens and not " + tokens
                    + ": ask for fewer, or add texts to its folder.");
        }
        return text(ids, tokens, tokenizer);
    }

    /** A cut between two tokens that join when they end a text cannot be mended; one sentence on, the cut is elsewhere. */
    private int[] beginnings() {
        IntStream later = SENTENCE_END.matcher(text).results().mapToInt(MatchResult::end);
        return IntStream.concat(IntStream.of(0), later).limit(BEGINNINGS).toArray();
    }

    private int[] hay(int begin, int tokens, Tokenizer tokenizer) {
        String turned = text.substring(begin) + text.substring(0, begin);
        int[] once = tokenizer.encode(turned);
        int[] ids =
                once.length >= tokens ? once : tokenizer.encode(turned.repeat(tokens / Math.max(1, once.length) + 2));
        return Arrays.copyOf(ids, Math.min(tokens, ids.length));
    }

    private Stack stack(Needle needle, int[] hay, int kept, double depth, Tokenizer tokenizer) {
        String cut = text(hay, kept, tokenizer);
        int wanted = depth == 1
                ? cut.length()
                : text(hay, (int) (kept * depth), tokenizer).length();
        int place = depth == 1 ? cut.length() : sentenceEnd(cut, Math.min(wanted, cut.length()));
        String before = cut.substring(0, place);
        int above = tokenizer.encode(before).length;
        return new Stack(title, before + needle.line() + cut.substring(place), (double) above / Math.max(1, kept));
    }

    private static String text(int[] hay, int count, Tokenizer tokenizer) {
        return BROKEN_END.matcher(tokenizer.decode(Arrays.copyOf(hay, count))).replaceFirst("");
    }

    /** The end of the sentence at or before a place; 0 where there is none. */
    private static int sentenceEnd(String cut, int place) {
        return SENTENCE_END
                .matcher(cut)
                .region(0, place)
                .useTransparentBounds(true)
                .useAnchoringBounds(false)
                .results()
                .mapToInt(MatchResult::end)
                .max()
                .orElse(0);
    }

    /**
     * A text with a needle in it.
     *
     * @param title what the text is called in prompts
     * @param text whole
     * @param depth share of the hay's tokens above the needle, 0 to 1
     */
    public record Stack(String title, String text, double depth) {}
}
