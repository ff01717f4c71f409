package io.parallax.capture.publish;

import java.io.IOException;

/** What was to be published could not be: the message names the broker and the reason. */
public final class PublishException extends IOException {

    private static final long serialVersionUID = 1L;

    PublishException(String message) {
        super(message);
    }

    PublishException(String message, Throwable cause) {
        super(message, cause);
    }
}
