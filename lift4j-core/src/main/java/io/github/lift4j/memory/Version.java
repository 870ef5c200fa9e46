package io.github.lift4j.memory;

import java.util.Optional;

/** Which lift4j this is, for the memories it writes. */
public final class Version {

    /** Its number; {@code development} where it runs from no jar. */
    public static final String OURS = Optional.ofNullable(
                    Version.class.getPackage().getImplementationVersion())
            .orElse("development");

    private Version() {}
}
