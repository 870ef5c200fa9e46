package io.github.lift4j.documents;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HyphenationTest {

    @ParameterizedTest(name = "{1} / {2} after {0}")
    @CsvSource({
        // What follows the hyphen is no word: the line's end split it.
        "'', the exam-, ple shows, true",
        // The document writes the whole word elsewhere, though both halves are words.
        "'a something, a thing', some-, thing else, true",
        // The document writes it with the hyphen elsewhere.
        "'a well-known man', a well-, known man, false",
        // Both are words, and nothing says that they are one.
        "'long ago, a lasting one', a long-, lasting one, false",
        // A name, a number, a dash.
        "'', Stress-, Engineered, false",
        "'', in 1990-, present, false",
        "'', and then -, he left, false",
        "'', no hyphen, here, false",
        // A soft hyphen is there for nothing else.
        "'', exam\u00AD, ple, true"
    })
    void dropsAHyphenOnlyWhereTheLinesEndPutIt(String seen, String line, String next, boolean splits) {
        Hyphenation hyphenation = new Hyphenation();
        hyphenation.learn("So " + seen);

        assertThat(hyphenation.splitsWord(line, next)).isEqualTo(splits);
    }
}
