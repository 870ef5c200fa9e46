/**
 * lift4j in a Spring Boot application: {@link io.github.lift4j.spring.LiftProperties} says which model and which memory,
 * and the beans are there.
 */
@NullMarked
package io.github.lift4j.spring;

import org.jspecify.annotations.NullMarked;
