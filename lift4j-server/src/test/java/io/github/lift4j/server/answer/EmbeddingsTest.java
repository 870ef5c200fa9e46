package io.github.lift4j.server.answer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.lift4j.evidence.TextEmbedder;
import io.github.lift4j.evidence.TextEmbedderSource;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

/** Who waits for whose texts. */
class EmbeddingsTest {

    private final List<String> read = new CopyOnWriteArrayList<>();
    private final CountDownLatch begun = new CountDownLatch(1);
    private final CountDownLatch goOn = new CountDownLatch(1);
    private final Precedence precedence = new Precedence();

    /** Waits in front of its first text. */
    private final TextEmbedderSource source = new TextEmbedderSource() {
        @Override
        public String name() {
            return "patient";
        }

        @Override
        public int dimensions() {
            return 1;
        }

        @Override
        public TextEmbedder open() {
            return new TextEmbedder() {
                @Override
                public Embedding embed(String text) {
                    begun.countDown();
                    try {
                        goOn.await();
                    } catch (InterruptedException e) {
                        throw new AssertionError(e);
                    }
                    read.add(text);
                    return new Embedding(new float[] {text.length()}, 1);
                }

                @Override
                public void close() {
                    read.add("closed");
                }
            };
        }
    };

    @Test
    void nobodyWaitsForAllOfAnothersTexts() throws Exception {
        try (Embeddings embeddings = new Embeddings(source, 2, precedence)) {
            Future<List<TextEmbedder.Embedding>> many =
                    embeddings.submit(Collections.nCopies(1_000, "many")).orElseThrow();
            Future<List<TextEmbedder.Embedding>> one =
                    embeddings.submit(List.of("one")).orElseThrow();
            assertThat(embeddings.submit(List.of("third")))
                    .as("beyond those that may wait")
                    .isEmpty();
            assertThat(precedence.asked()).isEqualTo(2);
            goOn.countDown();
            assertThat(one.get()).hasSize(1);
            assertThat(many.get()).hasSize(1_000);
            assertThat(read.indexOf("one")).isLessThan(20);
            assertThat(precedence.asked()).isZero();
            assertThat(embeddings.submit(List.of("later")).orElseThrow().get()).hasSize(1);
        }
        assertThat(read).last().isEqualTo("closed");
    }

    @Test
    void whoStillWaitsWhenItClosesIsTold() throws Exception {
        Embeddings embeddings = new Embeddings(source, 4, precedence);
        Future<List<TextEmbedder.Embedding>> first =
                embeddings.submit(Collections.nCopies(1_000, "first")).orElseThrow();
        Future<List<TextEmbedder.Embedding>> second =
                embeddings.submit(List.of("second")).orElseThrow();
        begun.await();
        Thread closing = Thread.ofPlatform().start(embeddings::close);
        while (closing.getState() != Thread.State.TIMED_WAITING) {
            Thread.onSpinWait();
        }
        goOn.countDown();
        closing.join();
        Future<List<TextEmbedder.Embedding>> late =
                embeddings.submit(List.of("late")).orElseThrow();
        for (Future<List<TextEmbedder.Embedding>> each : List.of(first, second, late)) {
            assertThatThrownBy(each::get)
                    .satisfies(e -> assertThat(e instanceof CancellationException ? e : e.getCause())
                            .isInstanceOf(CancellationException.class));
        }
        assertThat(read).containsExactly("first", "closed");
        assertThat(precedence.asked()).isZero();
    }
}
