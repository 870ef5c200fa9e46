package io.github.lift4j.engine.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.lift4j.engine.LiftException;
import java.io.IOException;
import java.io.Reader;
import java.io.StringReader;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.ShrinkingMode;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;
import org.junit.jupiter.api.Test;

class TokenStreamTest {

    private static List<Tokenizer> tokenizers = List.of();

    @BeforeContainer
    static void open() {
        tokenizers = Samples.ALL.stream().map(Samples::open).toList();
    }

    @AfterContainer
    static void close() {
        tokenizers.forEach(Tokenizer::close);
    }

    @Provide
    Arbitrary<String> texts() {
        return Samples.texts();
    }

    @Property(tries = 1000, shrinking = ShrinkingMode.BOUNDED)
    void streamedIdsAreThoseOfTheWholeText(
            @ForAll("texts") String text,
            @ForAll @IntRange(min = 2, max = 80) int window,
            @ForAll @IntRange(min = 1, max = 12) int context)
            throws IOException {
        for (int i = 0; i < tokenizers.size(); i++) {
            Tokenizer tokenizer = tokenizers.get(i);
            List<int[]> parts = new ArrayList<>();
            long count = TokenStream.of(tokenizer, window, context).encode(new StringReader(text), parts::add);
            int[] streamed = parts.stream().flatMapToInt(Arrays::stream).toArray();
            assertThat(streamed).as(Samples.ALL.get(i)).isEqualTo(tokenizer.encode(text));
            assertThat(count).isEqualTo(streamed.length);
        }
    }

    @Test
    void ordinaryTextIsCutManyTimesByEveryTokenizer() throws IOException {
        String text = "The keeper wrote in her diary, again and again, that 1,234 waves had come.\n".repeat(50);
        for (String name : Samples.ALL) {
            try (Tokenizer tokenizer = Samples.open(name)) {
                List<int[]> parts = new ArrayList<>();
                TokenStream.of(tokenizer, 100, 8).encode(new StringReader(text), parts::add);
                assertThat(parts).as(name).hasSizeGreaterThan(20);
            }
        }
    }

    @Test
    void textWithoutSpacesIsCutToo() throws IOException {
        String text = "今日は天気がいいですね。中文也没有空格，这是一个例子。".repeat(50);
        for (String name : List.of("byte_level", "regex", "sentencepiece")) {
            try (Tokenizer tokenizer = Samples.open(name)) {
                List<int[]> parts = new ArrayList<>();
                TokenStream.of(tokenizer, 100, 8).encode(new StringReader(text), parts::add);
                assertThat(parts).as(name).hasSizeGreaterThan(5);
            }
        }
    }

    @Test
    void noMoreThanAWindowIsHeldHoweverLongTheDocument() throws IOException {
        AtomicLong read = new AtomicLong();
        AtomicLong written = new AtomicLong();
        AtomicLong most = new AtomicLong();
        Reader endless = new Sentences(3_000_000, read);
        try (Tokenizer tokenizer = Samples.open("byte_level")) {
            TokenStream.of(tokenizer).encode(endless, ids -> {
                // Every id of this tokenizer stands for one character at least.
                written.addAndGet(tokenizer.decode(ids).length());
                most.accumulateAndGet(read.get() - written.get(), Math::max);
            });
        }
        assertThat(read.get()).isEqualTo(3_000_000);
        assertThat(written.get()).isEqualTo(3_000_000);
        assertThat(most.get()).isLessThan(20_000);
    }

    @Test
    void anEmptyDocumentHasNoIds() throws IOException {
        try (Tokenizer tokenizer = Samples.open("sentencepiece")) {
            assertThat(TokenStream.of(tokenizer).encode(new StringReader(""), ids -> {
                        throw new AssertionError("nothing to accept");
                    }))
                    .isZero();
        }
    }

    @Test
    void errorsOfTheSinkAndOfTheReaderEndTheStream() {
        try (Tokenizer tokenizer = Samples.open("byte_level")) {
            TokenStream stream = TokenStream.of(tokenizer);
            assertThatThrownBy(() -> stream.encode(new StringReader("text"), ids -> {
                        throw new IOException("disk full");
                    }))
                    .isInstanceOf(IOException.class)
                    .hasMessage("disk full");
            Reader broken = new Sentences(100, new AtomicLong()) {
                @Override
                public int read(char[] target, int offset, int length) throws IOException {
                    throw new IOException("cable cut");
                }
            };
            assertThatThrownBy(() -> stream.encode(broken, ids -> {})).hasMessage("cable cut");
        }
    }

    @Test
    void anInterruptStopsIt() {
        try (Tokenizer tokenizer = Samples.open("byte_level")) {
            Thread.currentThread().interrupt();
            assertThatThrownBy(() -> TokenStream.of(tokenizer).encode(new StringReader("text"), ids -> {}))
                    .isInstanceOf(LiftException.class)
                    .hasMessageContaining("interrupted");
            assertThat(Thread.interrupted()).as("the interrupt stays set").isTrue();
        }
    }

    /** A document that is made while it is read. */
    private static class Sentences extends Reader {
        private static final String SENTENCE = "Nobody on the island believed that number 17 would be open again. ";
        private final long length;
        private final AtomicLong read;

        Sentences(long length, AtomicLong read) {
            this.length = length;
            this.read = read;
        }

        @Override
        public int read(char[] target, int offset, int count) throws IOException {
            int n = (int) Math.min(count, length - read.get());
            for (int i = 0; i < n; i++) {
                target[offset + i] = SENTENCE.charAt((int) (read.getAndIncrement() % SENTENCE.length()));
            }
            return n == 0 ? -1 : n;
        }

        @Override
        public void close() {}
    }
}
