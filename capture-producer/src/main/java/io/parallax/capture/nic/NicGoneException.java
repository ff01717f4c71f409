package io.parallax.capture.nic;

import java.io.IOException;

/** An interface vanished, was replaced or went down while it was read. The {@link Nic} is of no further use: close it. */
public final class NicGoneException extends IOException {

    private static final long serialVersionUID = 1L;

    NicGoneException(String message) {
        super(message);
    }

    NicGoneException(String message, Throwable cause) {
        super(message, cause);
    }
}
