package io.parallax.local.cluster;

/** What a failure says to a person: the message at the bottom of its causes. */
public final class Failures {

    /** Of causes; a longer chain is a cycle. */
    private static final int DEEPEST = 50;

    private Failures() {}

    /** The message of the last cause, or its type's name where it has none. */
    public static String rootMessage(Throwable failure) {
        Throwable root = failure;
        for (int depth = 0; depth < DEEPEST && root.getCause() != null; depth++) {
            root = root.getCause();
        }
        String message = root.getMessage();
        return message == null || message.isBlank() ? root.getClass().getSimpleName() : message;
    }
}
