package io.github.lift4j.retrieval;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class TokenEmbedderTest {

    @Test
    void seesATokenInItsPlace() {
        try (TokenEmbedder embedder = TokenEmbedder.open()) {
            List<float[]> river = embedder.embed("river bank");
            assertThat(river).hasSize(2).allMatch(vector -> vector.length == 384);
            float[] bank = embedder.embed("She opened an account at the bank").getLast();
            float[] bread = embedder.embed("She baked a loaf of fresh bread").getLast();
            assertThat(cosine(river.getLast(), bank))
                    .isGreaterThan(cosine(river.getLast(), bread))
                    .isLessThan(0.99);
            assertThat(embedder.embed("word ".repeat(1100))).hasSize(1100);
            assertThat(embedder.embed("")).isEmpty();
        }
    }

    private static double cosine(float[] a, float[] b) {
        return dot(a, b) / Math.sqrt(dot(a, a) * dot(b, b));
    }

    private static double dot(float[] a, float[] b) {
        double sum = 0;
        for (int i = 0; i < a.length; i++) {
            sum += a[i] * b[i];
        }
        return sum;
    }
}
