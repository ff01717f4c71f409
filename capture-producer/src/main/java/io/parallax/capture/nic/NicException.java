package io.parallax.capture.nic;

import java.io.IOException;

/** An interface cannot be opened or a filter not be used: the message names it, the cause and the remedy. */
public final class NicException extends IOException {

    private static final long serialVersionUID = 1L;

    NicException(String message) {
        super(message);
    }

    NicException(String message, Throwable cause) {
        super(message, cause);
    }
}
