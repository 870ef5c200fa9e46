package io.github.lift4j.evaluation.metric;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Predicate;

/**
 * Takes English words back to their stems (Porter 1980, "An algorithm for suffix stripping"), in the variant that NLTK has
 * by default, which METEOR is computed with. It differs from Porter's own and from Snowball's in a few irregular words, in
 * short words on {@code -ies} and {@code -ied}, and in what it does with {@code -y}, {@code -alli}, {@code -fulli} and
 * {@code -logi}.
 */
final class PorterStemmer {

    private static final Map<String, String> IRREGULAR = Map.ofEntries(
            Map.entry("sky", "sky"),
            Map.entry("skies", "sky"),
            Map.entry("dying", "die"),
            Map.entry("lying", "lie"),
            Map.entry("tying", "tie"),
            Map.entry("news", "news"),
            Map.entry("innings", "inning"),
            Map.entry("inning", "inning"),
            Map.entry("outings", "outing"),
            Map.entry("outing", "outing"),
            Map.entry("cannings", "canning"),
            Map.entry("canning", "canning"),
            Map.entry("howe", "howe"),
            Map.entry("proceed", "proceed"),
            Map.entry("exceed", "exceed"),
            Map.entry("succeed", "succeed"));

    /** A suffix, what takes its place, and of which stems. */
    private record Rule(String suffix, String replacement, Predicate<String> of) {

        String apply(String word) {
            String stem = without(word, suffix);
            return of.test(stem) ? stem + replacement : word;
        }
    }

    private static final List<Rule> STEP_1A = rules(stem -> true, "sses>ss ies>i ss>ss s>");

    private static final List<Rule> STEP_2 = rules(
            stem -> measure(stem) > 0,
            "ational>ate tional>tion enci>ence anci>ance izer>ize bli>ble alli>al entli>ent eli>e ousli>ous ization>ize"
                    + " ation>ate ator>ate alism>al iveness>ive fulness>ful ousness>ous aliti>al iviti>ive biliti>ble"
                    + " fulli>ful");

    /** The l counts to the stem, so that {@code geologi} has one that is long enough. */
    private static final Rule LOGI = new Rule("logi", "log", stem -> measure(stem + "l") > 0);

    private static final List<Rule> STEP_3 =
            rules(stem -> measure(stem) > 0, "icate>ic ative> alize>al iciti>ic ical>ic ful> ness>");

    private static final List<Rule> STEP_4 = List.of(
                    rules(stem -> measure(stem) > 1, "al> ance> ence> er> ic> able> ible> ant> ement> ment> ent>"),
                    rules(stem -> measure(stem) > 1 && (stem.endsWith("s") || stem.endsWith("t")), "ion>"),
                    rules(stem -> measure(stem) > 1, "ou> ism> ate> iti> ous> ive> ize>"))
            .stream()
            .flatMap(List::stream)
            .toList();

    private PorterStemmer() {}

    static String stem(String word) {
        String lower = word.toLowerCase(Locale.ROOT);
        String irregular = IRREGULAR.get(lower);
        if (irregular != null) {
            return irregular;
        }
        if (word.codePointCount(0, word.length()) <= 2) {
            return lower;
        }
        return step5(first(STEP_4, first(STEP_3, step2(step1c(step1b(step1a(lower)))))));
    }

    private static String step1a(String word) {
        return word.endsWith("ies") && word.length() == 4 ? without(word, "s") : first(STEP_1A, word);
    }

    private static String step1b(String word) {
        if (word.endsWith("ied")) {
            return without(word, word.length() == 4 ? "d" : "ed");
        }
        if (word.endsWith("eed")) {
            return measure(without(word, "eed")) > 0 ? without(word, "d") : word;
        }
        for (String suffix : List.of("ed", "ing")) {
            if (word.endsWith(suffix) && hasVowel(without(word, suffix))) {
                return mended(without(word, suffix));
            }
        }
        return word;
    }

    /** What {@code -ed} or {@code -ing} was taken from gets its e back, or loses its second consonant. */
    private static String mended(String stem) {
        if (stem.endsWith("at") || stem.endsWith("bl") || stem.endsWith("iz")) {
            return stem + "e";
        }
        if (endsInDoubleConsonant(stem)) {
            return "lsz".indexOf(stem.charAt(stem.length() - 1)) >= 0 ? stem : stem.substring(0, stem.length() - 1);
        }
        return measure(stem) == 1 && endsInShortSyllable(stem) ? stem + "e" : stem;
    }

    private static String step1c(String word) {
        if (!word.endsWith("y")) {
            return word;
        }
        String stem = without(word, "y");
        return stem.length() > 1 && consonants(stem)[stem.length() - 1] ? stem + "i" : word;
    }

    private static String step2(String word) {
        if (word.endsWith("alli") && measure(without(word, "alli")) > 0) {
            return step2(without(word, "li"));
        }
        String shorter = first(STEP_2, word);
        return shorter.equals(word) && word.endsWith(LOGI.suffix()) ? LOGI.apply(word) : shorter;
    }

    private static String step5(String word) {
        String stem = without(word, "e");
        boolean dropped = word.endsWith("e") && (measure(stem) > 1 || measure(stem) == 1 && !endsInShortSyllable(stem));
        String rest = dropped ? stem : word;
        return rest.endsWith("ll") && measure(without(rest, "l")) > 1 ? without(rest, "l") : rest;
    }

    /** The first rule whose suffix the word has decides. */
    private static String first(List<Rule> rules, String word) {
        return rules.stream()
                .filter(rule -> word.endsWith(rule.suffix()))
                .findFirst()
                .map(rule -> rule.apply(word))
                .orElse(word);
    }

    private static List<Rule> rules(Predicate<String> of, String spelled) {
        return List.of(spelled.split(" ")).stream()
                .map(rule -> rule.split(">", 2))
                .map(parts -> new Rule(parts[0], parts[1], of))
                .toList();
    }

    private static String without(String word, String suffix) {
        return word.endsWith(suffix) ? word.substring(0, word.length() - suffix.length()) : word;
    }

    /** Which letters are consonants: all but a, e, i, o, u, and a y behind a consonant. */
    private static boolean[] consonants(String word) {
        boolean[] consonants = new boolean[word.length()];
        for (int i = 0; i < consonants.length; i++) {
            consonants[i] = switch (word.charAt(i)) {
                case 'a', 'e', 'i', 'o', 'u' -> false;
                case 'y' -> i == 0 || !consonants[i - 1];
                default -> true;
            };
        }
        return consonants;
    }

    /** How often a consonant follows a vowel: m of Porter's {@code [C](VC)^m[V]}. */
    private static int measure(String stem) {
        boolean[] consonants = consonants(stem);
        int measure = 0;
        for (int i = 1; i < consonants.length; i++) {
            measure += consonants[i] && !consonants[i - 1] ? 1 : 0;
        }
        return measure;
    }

    private static boolean hasVowel(String stem) {
        for (boolean consonant : consonants(stem)) {
            if (!consonant) {
                return true;
            }
        }
        return false;
    }

    private static boolean endsInDoubleConsonant(String stem) {
        int last = stem.length() - 1;
        return last >= 1 && stem.charAt(last) == stem.charAt(last - 1) && consonants(stem)[last];
    }

    /** Porter's *o: consonant, vowel, and a consonant that is none of w, x, y; or, of two letters, the latter two. */
    private static boolean endsInShortSyllable(String stem) {
        boolean[] consonant = consonants(stem);
        int last = stem.length() - 1;
        if (last == 1) {
            return !consonant[0] && consonant[1];
        }
        return last >= 2
                && consonant[last - 2]
                && !consonant[last - 1]
                && consonant[last]
                && "wxy".indexOf(stem.charAt(last)) < 0;
    }
}
