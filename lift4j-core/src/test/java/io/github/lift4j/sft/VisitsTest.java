package io.github.lift4j.sft;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.lift4j.absorb.JointBatches.Batch;
import io.github.lift4j.engine.LiftException;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class VisitsTest {

    private static final List<Batch> BATCHES = IntStream.range(0, 50)
            .mapToObj(_ -> new Batch(List.of(), List.of()))
            .toList();

    @Test
    void comeInTheirOrderEachOnce() {
        ConcurrentLinkedQueue<Integer> made = new ConcurrentLinkedQueue<>();
        try (Visits ahead = Visits.readAhead(i -> made.add(i) ? BATCHES.get(i) : null, BATCHES.size(), 3);
                Visits asked = Visits.of(BATCHES::get)) {
            for (Batch batch : BATCHES) {
                assertThat(ahead.next()).isSameAs(batch);
                assertThat(asked.next()).isSameAs(batch);
            }
        }
        assertThat(made)
                .containsExactlyInAnyOrderElementsOf(
                        IntStream.range(0, BATCHES.size()).boxed().toList());
    }

    @Test
    void theNextIsMadeWhileTheLastIsUsed() throws InterruptedException {
        CountDownLatch second = new CountDownLatch(2);
        try (Visits visits = Visits.readAhead(
                i -> {
                    second.countDown();
                    return BATCHES.get(i);
                },
                BATCHES.size(),
                1)) {
            visits.next();
            second.await();
        }
        assertThat(second.getCount()).isZero();
    }

    @Test
    void whatFailsIsToldWhereItIsAskedFor() {
        try (Visits visits = Visits.readAhead(
                i -> {
                    if (i == 1) {
                        throw new LiftException("The document is gone.");
                    }
                    return BATCHES.get(i);
                },
                BATCHES.size(),
                1)) {
            assertThat(visits.next()).isSameAs(BATCHES.getFirst());
            assertThatThrownBy(visits::next).isInstanceOf(LiftException.class).hasMessage("The document is gone.");
        }
    }

    @Test
    void anInterruptEndsTheWait() {
        CountDownLatch never = new CountDownLatch(1);
        try (Visits visits = Visits.readAhead(
                i -> {
                    try {
                        never.await();
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                    }
                    return BATCHES.get(i);
                },
                BATCHES.size(),
                1)) {
            Thread.currentThread().interrupt();
            assertThatThrownBy(visits::next).isInstanceOf(CancellationException.class);
            assertThat(Thread.interrupted()).isTrue();
            never.countDown();
        }
    }
}
