package io.parallax.capture.doctor;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Verdicts on what the frames of one interface or capture file show. */
public final class FrameFindings {

    /** Below it the other way passes elsewhere; a connection that ends or begins while we look leaves a few one-sided. */
    private static final double BOTH_WAYS = 0.8;

    private static final double CUT_OFF = 0.01;
    private static final double REPEATED = 0.01;

    /** Frames between two stations are enough to tell that others' traffic comes in; one alone may be a flood. */
    private static final int STATIONS = 3;

    private FrameFindings() {}

    /** Findings named after {@code subject}; none but "no frames" without a frame. */
    public static List<Finding> of(String subject, Evidence evidence) {
        if (evidence.frames == 0) {
            return List.of();
        }
        List<Finding> findings = new ArrayList<>();
        findings.add(Finding.ok(
                "frames", subject, evidence.frames + " seen, " + evidence.headers + " with a header to publish"));
        findings.add(tagged(subject, evidence));
        findings.add(bothWays(subject, evidence));
        findings.add(foreign(subject, evidence));
        findings.add(superFrames(subject, evidence));
        findings.add(snapLength(subject, evidence));
        findings.add(repeats(subject, evidence));
        findings.addAll(mirrors(subject, evidence));
        if (!evidence.surroundings.brokers().isEmpty()) {
            findings.add(own(subject, evidence));
        }
        return findings;
    }

    private static Finding tagged(String subject, Evidence evidence) {
        String check = "VLAN trunk";
        if (evidence.tagged == 0) {
            return Finding.warning(
                    check,
                    subject,
                    "no frame has an 802.1Q tag",
                    "if this is meant to be a trunk, give the port group VLAN 4095 (standard switch) or a VLAN trunk range"
                            + " (distributed switch); fine for an access port or a mirror");
        }
        return Finding.ok(
                check,
                subject,
                evidence.tagged + " frames have an 802.1Q tag, of " + evidence.vlans.size() + " VLANs "
                        + few(evidence));
    }

    private static String few(Evidence evidence) {
        List<Integer> first = evidence.vlans.stream().limit(10).toList();
        return first + (evidence.vlans.size() > first.size() ? " and more" : "");
    }

    private static Finding bothWays(String subject, Evidence evidence) {
        String check = "both directions";
        long judged = evidence.conversations.judged();
        long bothWays = evidence.conversations.bothWays();
        if (judged == 0) {
            return Finding.notKnown(check, subject, "no TCP connection with four packets was seen; look for longer");
        }
        String what = bothWays + " of " + judged + " TCP connections were seen both ways";
        return bothWays >= BOTH_WAYS * judged
                ? Finding.ok(check, subject, what)
                : Finding.warning(
                        check,
                        subject,
                        what,
                        "the other way passes elsewhere: capture on every uplink or host, or mirror both directions");
    }

    private static Finding foreign(String subject, Evidence evidence) {
        String check = "others' traffic";
        if (evidence.surroundings.ownMac() == 0) {
            int stations = evidence.unicastDestinations.size();
            return stations >= STATIONS
                    ? Finding.ok(check, subject, "frames to " + stations + " stations")
                    : Finding.notKnown(
                            check,
                            subject,
                            "frames to " + stations + " stations, and which one captured is not recorded");
        }
        return evidence.foreign > 0
                ? Finding.ok(
                        check,
                        subject,
                        evidence.foreign + " frames between other stations: promiscuous mode takes effect")
                : Finding.warning(
                        check,
                        subject,
                        "every unicast frame is from or to this interface",
                        "allow promiscuous mode on the port group (security policy), or move this VM to the host with the"
                                + " traffic; fine for a mirror's destination");
    }

    private static Finding superFrames(String subject, Evidence evidence) {
        String check = "frame sizes";
        String longest = "the longest has " + evidence.longestOctets + " octets";
        return evidence.superFrames == 0
                ? Finding.ok(check, subject, "none is above the MTU of " + evidence.mtuOctets() + "; " + longest)
                : Finding.warning(
                        check,
                        subject,
                        evidence.superFrames + " are above the MTU of " + evidence.mtuOctets() + " octets; " + longest,
                        "they are segments put together or not yet taken apart, so packets count fewer than on the wire and octets"
                                + " are right; ethtool -K INTERFACE gro off lro off ends it where this machine does it");
    }

    private static Finding snapLength(String subject, Evidence evidence) {
        String check = "snap length";
        String what = percent(evidence.cutOff, evidence.frames) + " of the frames have a header cut off";
        return evidence.cutOff <= CUT_OFF * evidence.frames
                ? Finding.ok(check, subject, what)
                : Finding.warning(
                        check,
                        subject,
                        what,
                        "raise --snap-length, and the packet length of the mirror session if frames arrive short");
    }

    private static Finding repeats(String subject, Evidence evidence) {
        String check = "repeated frames";
        long repeats = evidence.repeats.count();
        String what = percent(repeats, evidence.frames) + " came twice within 1 ms";
        return repeats <= REPEATED * evidence.frames
                ? Finding.ok(check, subject, what)
                : Finding.warning(
                        check,
                        subject,
                        what,
                        "floods reach a promiscuous port through every uplink: set Net.ReversePathFwdCheckPromisc to 1 on the"
                                + " host, or mirror a port once; the job counts them once, at the price of their headers");
    }

    private static List<Finding> mirrors(String subject, Evidence evidence) {
        List<Finding> findings = new ArrayList<>();
        for (Map.Entry<String, MirrorEvidence> each : evidence.mirrors.entrySet()) {
            findings.add(mirror(subject, each.getKey(), each.getValue()));
        }
        return findings;
    }

    private static Finding mirror(String subject, String session, MirrorEvidence mirror) {
        String frames = session + ": " + mirror.frames() + " frames";
        if (!mirror.isNumbered()) {
            return Finding.ok("mirror", subject, frames + "; it has no sequence numbers, so its loss is not known");
        }
        return mirror.lost() == 0
                ? Finding.ok("mirror", subject, frames + ", none lost")
                : Finding.warning(
                        "mirror",
                        subject,
                        frames + ", " + mirror.lost() + " lost on the way",
                        "look for drops at the mirroring switch and on the way here; mirror fewer ports a session");
    }

    private static Finding own(String subject, Evidence evidence) {
        String check = "own traffic";
        return evidence.own == 0
                ? Finding.ok(check, subject, "nothing of our way to Kafka is in what is captured")
                : Finding.warning(
                        check,
                        subject,
                        evidence.own + " frames (" + percent(evidence.own, evidence.frames)
                                + ") are our own way to Kafka",
                        "they are filtered out when capturing; better send to Kafka through an interface that is not captured");
    }

    private static String percent(long part, long whole) {
        return String.format(Locale.ROOT, "%.2f %%", 100.0 * part / whole);
    }
}
