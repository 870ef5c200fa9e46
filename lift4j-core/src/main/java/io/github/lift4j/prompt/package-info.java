/**
 * What does the model read? The wordings lie in resource files, one a prompt; {@link io.github.lift4j.prompt.PromptLayout}
 * lays the document's own tokens into them.
 */
@NullMarked
package io.github.lift4j.prompt;

import org.jspecify.annotations.NullMarked;
