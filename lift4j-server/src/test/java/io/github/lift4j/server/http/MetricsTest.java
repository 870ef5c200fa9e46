package io.github.lift4j.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.atomic.LongAdder;
import org.junit.jupiter.api.Test;

class MetricsTest {

    @Test
    void goesOnCountingAfterACollection() {
        Metrics metrics = new Metrics();
        LongAdder written = new LongAdder();
        metrics.counter("lift.test", "What was written.", written::sum);
        metrics.gauge("lift.test.now", "What is there.", written::sum);
        written.add(3);
        System.gc();
        assertThat(metrics.text()).contains("lift_test_total 3.0", "lift_test_now 3.0");
    }
}
