package io.github.lift4j.evaluation.python;

/** One quoted string of Python, as section 2.4.1 of its language reference defines it. */
final class PythonString {

    private final String text;
    private final StringBuilder value;
    private int at;

    private PythonString(String text, int at, StringBuilder value) {
        this.text = text;
        this.at = at;
        this.value = value;
    }

    /**
     * Reads a string that starts at {@code start} with its prefix or quote.
     *
     * @param value gets the string's characters
     * @return where the text goes on behind the closing quote
     */
    static int read(String text, int start, StringBuilder value) throws PythonLiteral.Malformed {
        return new PythonString(text, start, value).read();
    }

    private int read() throws PythonLiteral.Malformed {
        int start = at;
        char prefix = text.charAt(at);
        boolean raw = prefix == 'r' || prefix == 'R';
        at += Character.isLetter(prefix) ? 1 : 0;
        String one = text.substring(at, at + 1);
        String quote = text.startsWith(one.repeat(3), at) ? one.repeat(3) : one;
        at += quote.length();
        while (!text.startsWith(quote, at)) {
            if (at >= text.length() || quote.length() == 1 && text.charAt(at) == '\n') {
                throw new PythonLiteral.Malformed("an unclosed string", start);
            }
            if (text.charAt(at) == '\\' && at + 1 < text.length()) {
                escape(raw);
            } else {
                value.append(text.charAt(at++));
            }
        }
        return at + quote.length();
    }

    private void escape(boolean raw) throws PythonLiteral.Malformed {
        char kind = text.charAt(at + 1);
        at += 2;
        if (raw) {
            value.append('\\').append(kind);
            return;
        }
        switch (kind) {
            case '\n' -> {}
            case 'a' -> value.append('\u0007');
            case 'b' -> value.append('\b');
            case 'f' -> value.append('\f');
            case 'n' -> value.append('\n');
            case 'r' -> value.append('\r');
            case 't' -> value.append('\t');
            case 'v' -> value.append('\u000B');
            case '\\', '\'', '"' -> value.append(kind);
            case '0', '1', '2', '3', '4', '5', '6', '7' -> octal();
            case 'x' -> hexadecimal(2);
            case 'u' -> hexadecimal(4);
            case 'U' -> hexadecimal(8);
            case 'N' -> named();
            // Python keeps the backslash of what is no escape.
            default -> value.append('\\').append(kind);
        }
    }

    private void octal() {
        int start = at - 1;
        while (at < Math.min(start + 3, text.length()) && Character.digit(text.charAt(at), 8) >= 0) {
            at++;
        }
        value.append((char) Integer.parseInt(text, start, at, 8));
    }

    private void hexadecimal(int digits) throws PythonLiteral.Malformed {
        int end = Math.min(at + digits, text.length());
        String code = text.substring(at, end);
        boolean whole = code.length() == digits && code.chars().allMatch(c -> Character.digit(c, 16) >= 0);
        long point = whole ? Long.parseLong(code, 16) : -1;
        if (point < 0 || point > Character.MAX_CODE_POINT) {
            throw new PythonLiteral.Malformed("an escape that names no character", at);
        }
        value.appendCodePoint((int) point);
        at = end;
    }

    private void named() throws PythonLiteral.Malformed {
        int close = text.indexOf('}', at);
        if (close < 0 || text.charAt(at) != '{') {
            throw new PythonLiteral.Malformed("an escape that names no character", at);
        }
        try {
            value.appendCodePoint(Character.codePointOf(text.substring(at + 1, close)));
        } catch (IllegalArgumentException e) {
            throw (PythonLiteral.Malformed)
                    new PythonLiteral.Malformed("an escape that names no character", at).initCause(e);
        }
        at = close + 1;
    }
}
