/**
 * How is what Python wrote read? LooGLE publishes its questions as printed Python lists, and its official scripts
 * evaluate a model's answer as Python. This package reads such literals; it runs nothing.
 */
@NullMarked
package io.github.lift4j.evaluation.python;

import org.jspecify.annotations.NullMarked;
