/**
 * OpenAI's API as its clients speak it: each class serves one group of routes and knows what of it is served here.
 */
@NullMarked
package io.github.lift4j.server.api;

import org.jspecify.annotations.NullMarked;
