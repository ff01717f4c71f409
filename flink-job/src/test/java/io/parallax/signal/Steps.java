package io.parallax.signal;

import io.parallax.model.FlowFact;
import java.util.concurrent.TimeUnit;

/** Facts made by hand: times in milliseconds since {@link #BEGIN_NANOS}, hosts by short names. */
public final class Steps {

    /** Some time in 2023, a whole hour, ns. */
    public static final long BEGIN_NANOS = 1_700_002_800_000_000_000L;

    public static final String REALM = "default";

    private Steps() {}

    public static long at(long millis) {
        return BEGIN_NANOS + TimeUnit.MILLISECONDS.toNanos(millis);
    }

    /** A step of the attempt of {@code source} at a TCP port of {@code destination}, as told to the source. */
    public static FlowFact tcp(FlowFact.Kind kind, long millis, String source, String destination, int port) {
        return step(kind, true, millis, source, destination, FlowFact.TCP, port);
    }

    /** As told to either end. The flow is named after its ends and its time. */
    public static FlowFact step(
            FlowFact.Kind kind, boolean isOut, long millis, String source, String destination, int protocol, int port) {
        return new FlowFact(
                kind,
                isOut,
                at(millis),
                REALM,
                source,
                destination,
                source,
                destination,
                protocol,
                40_000,
                port,
                source + ">" + destination + ":" + port + "@" + millis,
                at(millis),
                0,
                0,
                0,
                0,
                0,
                0);
    }
}
