/**
 * HTTP without anything of what it is about: routes, bodies that are read strictly, errors in OpenAI's shape, who may call
 * what ({@link io.github.lift4j.server.http.Gate}). {@link io.github.lift4j.server.http.HttpService} puts it on Javalin.
 */
@NullMarked
package io.github.lift4j.server.http;

import org.jspecify.annotations.NullMarked;
