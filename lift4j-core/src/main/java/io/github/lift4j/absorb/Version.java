package io.github.lift4j.absorb;

import java.util.Optional;

/** Which lift4j this is, for the memories it writes. */
final class Version {

    static final String OURS = Optional.ofNullable(Version.class.getPackage().getImplementationVersion())
            .orElse("development");

    private Version() {}
}
