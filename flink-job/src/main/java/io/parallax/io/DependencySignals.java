package io.parallax.io;

import io.parallax.signal.LostDependency;
import io.parallax.signal.Tuning;
import io.parallax.wire.DependencyChange;
import io.parallax.wire.Signal;
import java.time.Instant;
import java.util.Optional;

/** Turns changes of dependencies into the signals that they are worth. */
public final class DependencySignals {

    private static final int TCP = 6;
    private static final int UDP = 17;

    private DependencySignals() {}

    /** Names the dependency: changes of one have the same. */
    public static String key(DependencyChange change) {
        return String.join(
                "\n", change.getRealm(), change.getClientEntity(), change.getServerEntity(), service(change));
    }

    private static String service(DependencyChange change) {
        String protocol = switch (change.getProtocolIdentifier()) {
            case TCP -> "tcp";
            case UDP -> "udp";
            default -> "protocol " + change.getProtocolIdentifier();
        };
        return protocol + '/' + change.getServerTransportPort();
    }

    /** The signal that its disappearance is; empty: it is worth none. */
    public static Optional<Signal> lost(DependencyChange change) {
        Instant first = change.getFirstSeen();
        Instant last = change.getLastSeen();
        if (first == null || last == null) {
            return Optional.empty();
        }
        return new LostDependency(
                        change.getRealm(),
                        change.getClientEntity(),
                        change.getServerEntity(),
                        service(change),
                        change.getConnections(),
                        Times.nanos(first),
                        Times.nanos(last),
                        Times.nanos(change.getChangedAt()))
                .weigh(Tuning.DEFAULT)
                .map(SignalRecords::of);
    }

    /**
     * The last record of a signal that was open.
     *
     * @param state close, or retracted
     */
    public static Signal ended(Signal open, String state) {
        Signal ended = Signal.newBuilder(open).build();
        ended.setRevision(open.getRevision() + 1);
        ended.setState(state);
        return ended;
    }
}
