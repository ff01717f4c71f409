package io.parallax.local;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.util.function.Supplier;

/** What a test needs and not every machine has: where it is missing the test is skipped, and the build says why. */
final class Needed {

    private Needed() {}

    /** Aborted before all tests of a class, JUnit and Surefire count none and tell nothing; so it is told here. */
    static void isThere(boolean isThere, Supplier<String> otherwise) {
        if (!isThere) {
            System.err.println("skipped: " + otherwise.get());
        }
        assumeTrue(isThere, otherwise);
    }
}
