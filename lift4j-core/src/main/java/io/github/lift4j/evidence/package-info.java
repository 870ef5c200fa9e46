/**
 * Appendix B: evidence. What bears on a question is found in the document (or recalled by the model that absorbed it) and
 * put into the window. What compares meanings for that can be had alone ({@link io.github.lift4j.evidence.TextEmbedder}).
 */
@NullMarked
package io.github.lift4j.evidence;

import org.jspecify.annotations.NullMarked;
