package io.github.lift4j.remote;

/** An answer that came and says nothing: asked again, and told to a person if it stays. */
final class Nonsense extends RuntimeException {

    private static final long serialVersionUID = 1L;

    /** @param what it was, to stand after "answered with" */
    Nonsense(String what) {
        super(what);
    }
}
