/** What do people see? One page, written by hand, that calls the API. */
@NullMarked
package io.github.lift4j.server.page;

import org.jspecify.annotations.NullMarked;
