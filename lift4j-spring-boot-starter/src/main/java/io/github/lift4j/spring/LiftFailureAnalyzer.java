package io.github.lift4j.spring;

import io.github.lift4j.engine.LiftException;
import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/** Tells why an application did not start in the library's own sentence, which says what to do, and without a trace. */
final class LiftFailureAnalyzer extends AbstractFailureAnalyzer<LiftException> {

    @Override
    protected FailureAnalysis analyze(Throwable rootFailure, LiftException cause) {
        return new FailureAnalysis(String.valueOf(cause.getMessage()), null, cause);
    }
}
