/**
 * What does the model read? The wordings lie in resource files, one a prompt; a {@link io.github.lift4j.prompt.Frame} is
 * someone else's. {@link io.github.lift4j.prompt.PromptLayout} lays the document's own tokens into either.
 */
@NullMarked
package io.github.lift4j.prompt;

import org.jspecify.annotations.NullMarked;
