package io.parallax.capture.live;

import io.parallax.capture.nic.InterfaceCounter;
import io.parallax.capture.nic.Interfaces;
import io.parallax.capture.nic.Nic;
import io.parallax.capture.nic.NicException;
import io.parallax.capture.select.KernelFilter;
import io.parallax.capture.select.OwnTraffic;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * An opened interface, and what it had counted before: frames that pass in between are found missing, never counted twice.
 *
 * @param framesBefore the interface's own count, read before it was opened
 * @param missed frames that passed while it was being opened
 * @param openedNanos wall clock of the opening, before the first frame, nanoseconds since the epoch
 */
public record OpenNic(Nic nic, long framesBefore, long missed, long openedNanos) {

    private static final Logger LOG = LoggerFactory.getLogger(OpenNic.class);

    private static final int READINGS = 5;

    static OpenNic open(String name, LaneOptions options, OwnTraffic ownTraffic) throws NicException {
        String filter = KernelFilter.of(options.filter(), ownTraffic);
        // Also loads libpcap, which the first time takes longer than all the rest.
        Nic.checkFilter(filter);
        long openedNanos = WallClock.nanos();
        long before = framesOf(name);
        Nic nic = Nic.open(name, options.nic(), filter);
        return new OpenNic(nic, before, missed(nic, before), openedNanos);
    }

    /** A frame between the two readings hides one that was missed, so the best of some readings counts. */
    private static long missed(Nic nic, long before) {
        long missed = 0;
        for (int i = 0; i < READINGS; i++) {
            long passed = framesOf(nic.name()) - before;
            missed = Math.max(missed, passed - nic.lastCounters().received());
        }
        return missed;
    }

    /**
     * All interfaces that are asked for, there and up: what needs privileges, before they are given up. One that is down is
     * left to its lane, which waits for it.
     */
    public static Map<String, OpenNic> all(CaptureOptions options) throws IOException {
        Map<String, OpenNic> opened = new LinkedHashMap<>();
        try {
            for (String name : Interfaces.matching(options.interfaces())) {
                if (Interfaces.isUp(name)) {
                    opened.put(name, open(name, options.lane(), OwnTraffic.UNKNOWN));
                } else {
                    LOG.warn("interface {}: it is down; ip link set {} up", name, name);
                }
            }
            return opened;
        } catch (IOException | RuntimeException e) {
            opened.values().forEach(each -> each.nic().close());
            throw e;
        }
    }

    /** The interface's own count of frames; 0 where it can't be asked. */
    static long framesOf(String name) {
        try {
            InterfaceCounter counter = Interfaces.counters().get(name);
            return counter == null ? 0 : counter.frames();
        } catch (IOException e) {
            LOG.warn("interface {}: its counters can't be read, so frames can't be checked against them: {}", name, e);
            return 0;
        }
    }
}
