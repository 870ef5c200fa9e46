package io.github.lift4j.server.http;

import io.javalin.http.Context;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.time.Duration;
import java.util.List;
import java.util.function.Supplier;

/** What is counted and timed, in Prometheus' text format. Names of files, memories and callers are never in it. */
public final class Metrics {

    private static final String STARTED = "lift.started";

    private final PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);

    public Metrics() {
        new JvmMemoryMetrics().bindTo(registry);
        new JvmThreadMetrics().bindTo(registry);
        new ProcessorMetrics().bindTo(registry);
    }

    /** Shows what is so at the moment. */
    public void gauge(String name, String what, Supplier<Number> value) {
        Gauge.builder(name, value).description(what).register(registry);
    }

    /** Shows what only grows. */
    public void counter(String name, String what, Supplier<Number> value) {
        // The registry holds what a counter counts only weakly: it gets what lives as long as it does.
        FunctionCounter.builder(name, this, any -> value.get().doubleValue())
                .description(what)
                .register(registry);
    }

    /** All of it. */
    public String text() {
        return registry.scrape();
    }

    void begin(Context request) {
        request.attribute(STARTED, System.nanoTime());
    }

    /** @param route one of the service's, or a word for all others: what callers make up is no label */
    void end(Context request, String route) {
        Long started = request.attribute(STARTED);
        if (started != null) {
            Timer.builder("lift.http.requests")
                    .description("Requests and how long they took")
                    .tags(List.of(
                            Tag.of("method", request.method().name()),
                            Tag.of("route", route),
                            Tag.of("status", String.valueOf(request.statusCode()))))
                    .register(registry)
                    .record(Duration.ofNanos(System.nanoTime() - started));
        }
    }
}
