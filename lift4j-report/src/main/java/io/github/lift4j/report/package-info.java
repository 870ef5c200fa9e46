/**
 * What does a run's page show? The paper's tables and figures with the run's own figures in them, how they were made, and the
 * answers behind each; as one HTML page that needs nothing else, as Markdown, CSV, SVG and PNG.
 */
@NullMarked
package io.github.lift4j.report;

import org.jspecify.annotations.NullMarked;
