/**
 * Section 3.2: auxiliary tasks. A {@link io.github.lift4j.task.Task} is a question about the document and its answer,
 * whoever made it: a language model, the model itself with a chunk of the document in view, a rule, or a person.
 */
@NullMarked
package io.github.lift4j.task;

import org.jspecify.annotations.NullMarked;
