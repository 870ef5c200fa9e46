package io.github.lift4j.remote;

/**
 * Counts a text's tokens: a model's own tokenizer where there is one, else a guess. A longer text must not have fewer
 * tokens than what it begins or ends with.
 */
@FunctionalInterface
public interface TokenCounter {

    /** Four characters a token: near enough for English prose, too few tokens for most other scripts. */
    TokenCounter ENGLISH = perCharacters(4);

    /** Four characters of ASCII a token, one of any other script: in most of these that counts rather too many. */
    TokenCounter ANY_SCRIPT = text -> {
        long ascii = text.chars().filter(c -> c < 128).count();
        return (ascii + 3) / 4 + text.length() - ascii;
    };

    /** How many tokens a text has, at least. */
    long count(String text);

    /**
     * A guess from the length.
     *
     * @param characters of a token on average, positive
     */
    static TokenCounter perCharacters(double characters) {
        if (!(characters > 0)) {
            throw new IllegalArgumentException("a token has a positive number of characters, not " + characters);
        }
        return text -> (long) Math.ceil(text.length() / characters);
    }
}
