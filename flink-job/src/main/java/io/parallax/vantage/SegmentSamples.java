package io.parallax.vantage;

import io.parallax.model.FlowRow;
import io.parallax.model.FlowRow.Sighting;
import io.parallax.model.SegmentCounts;
import io.parallax.model.SegmentSample;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * Compares what the interfaces that saw a flow tell of it, two by two.
 *
 * <pre>
 *                 sender  --- forward -->   receiver
 *                    |      X          Y       |            X and Y each read their own clock;  offset = clock of Y - clock of X
 *   first packet     |------x=========>y------>|            y - x =  offset + delay(X to Y)  =  there
 *   first answer     |<-----x'<=======y'-------|            y' - x' = offset - delay(Y to X) =  back
 * </pre>
 *
 * <p>With equal delays the offset is (there + back) / 2; else it is off by half their difference, and cannot be told from
 * it (RFC 5905, section 8, has the same arithmetic with times of one packet). Whatever the delays: back &lt;= offset &lt;=
 * there.
 *
 * <p><b>Same packet.</b> Times are compared only where the first packet here is the first packet there: in the window in
 * which the flow opens, both directions seen by both, with equal packets and octets in each, and for TCP a SYN in each.
 *
 * <p><b>Which of the two is nearer the sender</b> is told by TTL. Where no router is between them, the greater of both
 * differences is the one with a delay added and not subtracted.
 *
 * <p><b>Once.</b> Only the first revision of a row is looked at: it is stated when every stream has passed the window, and is
 * the same whatever the order in which they came. Late packets change flows and not segments. Not thread-safe.
 */
public final class SegmentSamples {

    private static final int TCP = 6;
    private static final int SYN = 1 << 1;
    private static final long FNV_OFFSET = 0xCBF2_9CE4_8422_2325L;
    private static final long FNV_PRIME = 0x0000_0100_0000_01B3L;
    private static final int HALF = 32;

    /** One sighting per interface, ordered by name. */
    private final List<Sighting> interfaces = new ArrayList<>();

    private final Copies forward = new Copies();
    private final Copies reverse = new Copies();
    private final SegmentSample sample = new SegmentSample();

    /** Passes on a sample per pair of interfaces that saw the same direction of a flow, valid during the call. */
    public void of(FlowRow row, Consumer<SegmentSample> out) {
        if (row.previousRevision != 0) {
            return;
        }
        List<Sighting> sightings = row.sightings();
        gatherInterfaces(sightings);
        for (int here = 0; here < interfaces.size() - 1; here++) {
            for (int other = here + 1; other < interfaces.size(); other++) {
                compare(row, sightings, interfaces.get(here), interfaces.get(other), out);
            }
        }
    }

    /** A mirror session is left out: its copies wait in a switch before they are captured. */
    private void gatherInterfaces(List<Sighting> sightings) {
        interfaces.clear();
        for (Sighting seen : sightings) {
            if (seen.mirrorSession == null) {
                int at = 0;
                while (at < interfaces.size() && Copies.byInterface(interfaces.get(at), seen) < 0) {
                    at++;
                }
                if (at == interfaces.size() || Copies.byInterface(interfaces.get(at), seen) != 0) {
                    interfaces.add(at, seen);
                }
            }
        }
    }

    private void compare(
            FlowRow row, List<Sighting> sightings, Sighting here, Sighting other, Consumer<SegmentSample> out) {
        forward.find(sightings, here, other, false);
        reverse.find(sightings, here, other, true);
        if (!forward.isFound() && !reverse.isFound()) {
            return;
        }
        sample.sensorId = here.sensorId;
        sample.interfaceName = here.interfaceName;
        sample.otherSensorId = other.sensorId;
        sample.otherInterfaceName = other.interfaceName;
        sample.windowStart = row.windowStart;
        sample.flowHash = hash(row.flowId);
        sample.counts.clear();
        count(forward);
        count(reverse);
        time(row);
        out.accept(sample);
    }

    private void count(Copies copies) {
        if (copies.isFound()) {
            int way = copies.hops() == 0
                    ? SegmentCounts.UNORDERED
                    : copies.hops() > 0 ? SegmentCounts.THERE : SegmentCounts.BACK;
            boolean isTcp = copies.here().isTcp && copies.other().isTcp;
            add(way, SegmentCounts.HERE, copies.here(), isTcp);
            add(way, SegmentCounts.OTHER, copies.other(), isTcp);
        }
    }

    private void add(int way, int place, Sighting seen, boolean isTcp) {
        sample.counts.add(way, place, seen.packets, isTcp ? seen.tcp.uniqueOctets : seen.octets);
    }

    private void time(FlowRow row) {
        sample.isTimed = row.isOpening && isSamePackets(row.protocol == TCP) && forward.hops() == -reverse.hops();
        sample.there = 0;
        sample.back = 0;
        if (sample.isTimed) {
            long one = forward.nanosFromHere();
            long two = reverse.nanosFromHere();
            boolean isForwardThere = forward.hops() == 0 ? one >= two : forward.hops() > 0;
            sample.there = isForwardThere ? one : two;
            sample.back = isForwardThere ? two : one;
        }
    }

    private boolean isSamePackets(boolean isTcp) {
        return forward.isFound()
                && reverse.isFound()
                && forward.isSame()
                && reverse.isSame()
                && (!isTcp || (forward.haveBoth(SYN) && reverse.haveBoth(SYN)));
    }

    /** FNV-1a, 64 bits, with its high half folded into the low one. */
    private static long hash(String flowId) {
        long hash = FNV_OFFSET;
        for (int i = 0; i < flowId.length(); i++) {
            hash = (hash ^ flowId.charAt(i)) * FNV_PRIME;
        }
        return (hash ^ (hash >>> HALF)) * FNV_PRIME;
    }
}
