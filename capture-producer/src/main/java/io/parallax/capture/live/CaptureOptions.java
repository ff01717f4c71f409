package io.parallax.capture.live;

import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a capture VM captures, and how it shows itself.
 *
 * @param interfaces names or glob patterns; what matches is captured, also what comes later
 * @param ownAddresses of other sensors whose way to Kafka is to be left out too; this machine's are known
 * @param user whom to become once the interfaces are open; null to stay as started
 * @param drain longest wait at the end for what Kafka has not acknowledged; the spool keeps the rest
 */
public record CaptureOptions(
        List<String> interfaces,
        LaneOptions lane,
        List<InetAddress> ownAddresses,
        @Nullable String user,
        Duration drain) {

    public CaptureOptions {
        interfaces = List.copyOf(interfaces);
        ownAddresses = List.copyOf(ownAddresses);
        if (interfaces.isEmpty()) {
            throw new IllegalArgumentException("interface is empty, allowed are names or patterns such as ens224,cap*");
        }
    }
}
