package io.github.lift4j.engine.tokenizer;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.charset.StandardCharsets;
import java.text.Normalizer;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Where a text may be cut so that its parts, tokenised one by one, give the ids of the whole.
 *
 * <p>A cut between the characters a and b is safe when no token can lie across it and when what comes before it has no
 * say in what comes after:
 *
 * <ul>
 *   <li>No token of the vocabulary has b after a inside it. Merges build tokens of the vocabulary only, so none
 *       crosses the cut, and what is merged on one side cannot depend on the other.
 *   <li>If a pattern splits the text first, it must start anew at b: a is the end of a word (or of what is not white
 *       space) and b is what no word goes on with. Matches go from left to right and never look back.
 *   <li>b joins nothing before it when the text is normalised: it is no combining mark and no part of a syllable.
 *   <li>No added token, which is looked for before all else, lies across the cut or ends at it.
 * </ul>
 */
final class CutRule {

    /** What a normalizer may do without harm to this rule. */
    private static final Set<String> HARMLESS = Set.of("NFC", "Prepend", "ByteLevel");

    private static final int SPACE_MARK = '▁';

    private final boolean bytes;
    private final boolean split;
    private final boolean normalized;
    private final boolean onlySpaces;
    private final Set<Long> inside = new HashSet<>();
    private final Set<Integer> known = new HashSet<>();
    private final List<String> added = new ArrayList<>();
    private final int longestAdded;

    private CutRule(TokenizerFile file) {
        List<JsonNode> normalizers = file.normalizers();
        List<JsonNode> preTokenizers = file.preTokenizers();
        bytes = preTokenizers.stream().anyMatch(CutRule::isByteLevel)
                || normalizers.stream().anyMatch(CutRule::isByteLevel);
        split = preTokenizers.stream().anyMatch(CutRule::splits);
        normalized = !normalizers.isEmpty();
        onlySpaces = !normalizers.stream().allMatch(CutRule::harmless);
        file.pieces().forEach(this::readPiece);
        for (AddedToken token : file.added()) {
            added.add(token.content());
            if (token.content().indexOf(SPACE_MARK) >= 0) {
                added.add(token.content().replace((char) SPACE_MARK, ' '));
            }
        }
        longestAdded = added.stream().mapToInt(String::length).max().orElse(0);
    }

    static CutRule of(TokenizerFile file) {
        return new CutRule(file);
    }

    private static boolean isByteLevel(JsonNode step) {
        return step.path("type").asText().equals("ByteLevel");
    }

    private static boolean splits(JsonNode step) {
        return switch (step.path("type").asText()) {
            case "Metaspace" -> step.path("split").asBoolean(true);
            case "ByteLevel" -> step.path("use_regex").asBoolean(true);
            default -> true;
        };
    }

    private static boolean harmless(JsonNode step) {
        return HARMLESS.contains(step.path("type").asText())
                || step.path("pattern").path("String").asText().equals(" ");
    }

    private void readPiece(String piece) {
        int before = -1;
        for (int i = 0; i < piece.length(); i += Character.charCount(piece.codePointAt(i))) {
            int c = piece.codePointAt(i);
            if (before >= 0) {
                inside.add(pair(before, c));
            } else if (piece.length() == Character.charCount(c)) {
                known.add(c);
            }
            before = c;
        }
    }

    private static long pair(int a, int b) {
        return ((long) a << 32) | b;
    }

    /** How many characters after a cut must be known before it is judged. */
    int lookahead() {
        return longestAdded + 1;
    }

    /**
     * Whether a text may be cut.
     *
     * @param at where, {@code 0 < at < text.length()}, with {@link #lookahead()} characters after it or the text's end
     */
    boolean allows(CharSequence text, int at) {
        if (Character.isSurrogate(text.charAt(at)) || Character.isLowSurrogate(text.charAt(at - 1))) {
            return false;
        }
        int a = text.charAt(at - 1);
        int b = text.charAt(at);
        return startsAnew(a, b) && joinsNothing(a, b) && liesInNoToken(a, b) && !inAddedToken(text, at);
    }

    private boolean startsAnew(int a, int b) {
        if (b == ' ' && !isSpace(a)) {
            return true;
        }
        if (onlySpaces) {
            return false;
        }
        if (!split) {
            return true;
        }
        boolean word = Character.isLetter(a) || isNumber(a);
        boolean punctuation = !Character.isLetterOrDigit(b) && !isSpace(b) && b != '\'' && b != '’';
        boolean letterMeetsNumber = Character.isLetter(a) ? isNumber(b) : Character.isLetter(b);
        return word && (b == '\n' || b == '\r' || b == '\t' || punctuation || letterMeetsNumber);
    }

    private boolean joinsNothing(int a, int b) {
        int type = Character.getType(b);
        boolean mark = isMark(type)
                || type == Character.FORMAT
                || (type == Character.CONTROL && !isSpace(b))
                || type == Character.UNASSIGNED
                // Hangul vowels and finals join the syllable before them; some letters join when normalised (KC).
                || (b >= 0x1160 && b <= 0x11FF)
                || (b >= 0xD7B0 && b <= 0xD7FF)
                || b == 0xFF9E
                || b == 0xFF9F;
        return !mark && (!normalized || (!isMark(Character.getType(a)) && isNormal(a)));
    }

    private static boolean isNormal(int a) {
        return a < 0x80 || Normalizer.isNormalized(Character.toString(a), Normalizer.Form.NFC);
    }

    private boolean liesInNoToken(int a, int b) {
        int last = bytes ? lastByte(a) : marked(a);
        int first = bytes ? firstByte(b) : marked(b);
        // Two unknown characters side by side may become one unknown token.
        boolean told = bytes || known.contains(last) || known.contains(first);
        return told && !inside.contains(pair(last, first));
    }

    /** Whether an added token's text lies across the cut or ends at it. */
    private boolean inAddedToken(CharSequence text, int at) {
        String around = text.subSequence(Math.max(0, at - longestAdded), Math.min(text.length(), at + longestAdded))
                .toString();
        int cut = Math.min(at, longestAdded);
        for (String token : added) {
            int from = around.indexOf(token, Math.max(0, cut - token.length()));
            if (from >= 0 && from < cut) {
                return true;
            }
        }
        return false;
    }

    /**
     * Where the text before a cut should begin that is tokenised again with what follows: about {@code length}
     * characters before it, but not inside an added token or a character.
     */
    int contextStart(CharSequence text, int cut, int length) {
        int start = Math.max(0, cut - length);
        boolean moved = true;
        while (moved && start < cut) {
            moved = false;
            if (start > 0 && Character.isLowSurrogate(text.charAt(start))) {
                start++;
                moved = true;
            }
            int left = Math.max(0, start - longestAdded);
            String around =
                    text.subSequence(left, Math.min(cut, start + longestAdded)).toString();
            for (String token : added) {
                int from = around.indexOf(token, Math.max(0, start - left - token.length() + 1));
                if (from >= 0 && left + from < start && left + from + token.length() > start) {
                    start = left + from + token.length();
                    moved = true;
                    break;
                }
            }
        }
        return start;
    }

    private static boolean isSpace(int c) {
        return Character.isWhitespace(c) || Character.isSpaceChar(c) || c == 0x85;
    }

    private static boolean isNumber(int c) {
        int type = Character.getType(c);
        return type == Character.DECIMAL_DIGIT_NUMBER
                || type == Character.LETTER_NUMBER
                || type == Character.OTHER_NUMBER;
    }

    private static boolean isMark(int type) {
        return type == Character.NON_SPACING_MARK
                || type == Character.COMBINING_SPACING_MARK
                || type == Character.ENCLOSING_MARK;
    }

    private static int marked(int c) {
        return c == ' ' ? SPACE_MARK : c;
    }

    private static int firstByte(int c) {
        return ByteAlphabet.letterOf(Character.toString(c).getBytes(StandardCharsets.UTF_8)[0] & 0xFF);
    }

    private static int lastByte(int c) {
        byte[] utf8 = Character.toString(c).getBytes(StandardCharsets.UTF_8);
        return ByteAlphabet.letterOf(utf8[utf8.length - 1] & 0xFF);
    }
}
