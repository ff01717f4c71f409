package io.parallax.local.inventory;

import java.io.IOException;

/** An inventory says what is not allowed. */
public final class InventoryException extends IOException {

    private static final long serialVersionUID = 1L;

    InventoryException(String message) {
        super(message);
    }

    InventoryException(String message, Throwable cause) {
        super(message, cause);
    }
}
