package io.parallax.local.report;

import io.parallax.wire.Flow;
import io.parallax.wire.Vantage;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The flows with most octets, over all their windows. */
final class FlowTable {

    private static final int SHOWN = 10;
    private static final Map<Integer, String> PROTOCOLS =
            Map.of(1, "ICMP", 2, "IGMP", 6, "TCP", 17, "UDP", 47, "GRE", 50, "ESP", 58, "ICMPv6", 132, "SCTP");

    private FlowTable() {}

    static List<String> lines(List<Flow> flows) {
        Map<String, Sum> sums = new LinkedHashMap<>();
        flows.forEach(
                row -> sums.computeIfAbsent(row.getFlowId(), id -> new Sum(row)).add(row));
        TextTable table = new TextTable(
                title(sums.values()),
                List.of(
                        "protocol",
                        "initiator",
                        "responder",
                        ">packets",
                        ">octets",
                        ">packets back",
                        ">octets back",
                        ">lasted",
                        ">seen at"));
        sums.values().stream()
                .sorted(Comparator.comparingLong(Sum::octetsBothWays).reversed())
                .limit(SHOWN)
                .forEach(sum -> table.row(sum.cells()));
        return table.lines();
    }

    private static String title(Collection<Sum> sums) {
        return Numbers.format("Top flows (%,d of %,d)", Math.min(SHOWN, sums.size()), sums.size());
    }

    private static final class Sum {
        private final Flow any;
        private long packets;
        private long octets;
        private long packetsBack;
        private long octetsBack;
        private Instant end;
        private final Set<String> seenAt = new HashSet<>();

        Sum(Flow any) {
            this.any = any;
            this.end = any.getFlowEnd();
        }

        void add(Flow row) {
            packets += row.getPacketDeltaCount();
            octets += row.getOctetDeltaCount();
            packetsBack += row.getReversePacketDeltaCount();
            octetsBack += row.getReverseOctetDeltaCount();
            end = row.getFlowEnd().isAfter(end) ? row.getFlowEnd() : end;
            for (Vantage vantage : row.getVantage()) {
                seenAt.add(vantage.getSensorId() + "." + vantage.getInterfaceName());
            }
        }

        long octetsBothWays() {
            return octets + octetsBack;
        }

        List<String> cells() {
            int protocol = any.getProtocolIdentifier();
            return List.of(
                    PROTOCOLS.getOrDefault(protocol, Integer.toString(protocol)),
                    end(any.getSourceAddress(), any.getSourceTransportPort()),
                    end(any.getDestinationAddress(), any.getDestinationTransportPort()),
                    Numbers.count(packets),
                    Numbers.octets(octets),
                    Numbers.count(packetsBack),
                    Numbers.octets(octetsBack),
                    lasted(Duration.between(any.getFlowStart(), end)),
                    seenAt.size() + (seenAt.size() == 1 ? " place" : " places"));
        }

        private static String end(String address, int port) {
            return port == 0 ? address : address + (address.indexOf(':') >= 0 ? " " : ":") + port;
        }

        private static String lasted(Duration duration) {
            return Numbers.format("%.3f s", duration.toNanos() / 1e9);
        }
    }
}
