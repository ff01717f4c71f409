package io.parallax.capture.doctor;

import java.io.IOException;

/** Asks a Kafka cluster; changes nothing there. */
@FunctionalInterface
public interface BrokerProbe {

    /** @throws IOException if none answers; the message says who was asked and how long was waited */
    BrokerAnswer ask() throws IOException;
}
