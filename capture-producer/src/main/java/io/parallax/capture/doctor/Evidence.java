package io.parallax.capture.doctor;

import io.parallax.capture.decode.Outcome;
import io.parallax.capture.source.Frame;
import io.parallax.wire.Addresses;
import io.parallax.wire.PacketHeader;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** What the frames of one interface show. Bounded in memory; one thread adds. */
public final class Evidence {

    /** VLANs, stations and mirror sessions that are told apart: enough to know that there are many. */
    private static final int MOST = 4_096;

    private static final int ETHERNET_OCTETS = 14;
    private static final int VLAN_TAG_OCTETS = 4;

    /** Ethernet's own, where the interface's is not known. */
    private static final int USUAL_MTU_OCTETS = 1_500;

    private static final long GROUP_BIT = 1L << 40;

    final Surroundings surroundings;
    final Conversations conversations = new Conversations();
    final Repeats repeats = new Repeats();
    final Set<Integer> vlans = new TreeSet<>();
    final Set<Long> unicastDestinations = new HashSet<>();
    final Map<String, MirrorEvidence> mirrors = new TreeMap<>();
    long frames;
    long headers;
    long tagged;
    long cutOff;
    long foreign;
    long superFrames;
    int longestOctets;
    long own;

    public Evidence(Surroundings surroundings) {
        this.surroundings = surroundings;
    }

    /** One frame and what the decoder made of it; both may be reused afterwards. */
    public void add(Frame frame, Outcome outcome, PacketHeader header) {
        frames++;
        repeats.add(frame);
        if (outcome == Outcome.TRUNCATED
                || outcome == Outcome.DECODED_PORTS_CUT_OFF
                || outcome == Outcome.DECODED_TRANSPORT_CUT_OFF) {
            cutOff++;
        }
        longestOctets = Math.max(longestOctets, frame.originalOctets);
        if (frame.originalOctets > mtuOctets() + ETHERNET_OCTETS + VLAN_TAG_OCTETS * PacketHeader.MAX_VLANS) {
            superFrames++;
        }
        addLink(header);
        if (outcome.publishesHeader()) {
            headers++;
            conversations.add(header);
            addMirror(header);
            addOwn(header);
        }
    }

    int mtuOctets() {
        return surroundings.mtuOctets() == 0 ? USUAL_MTU_OCTETS : surroundings.mtuOctets();
    }

    private void addLink(PacketHeader header) {
        if (header.vlanCount > 0) {
            tagged++;
            int outermost = (int) (header.vlanStack >>> (16 * (header.vlanCount - 1))) & 0xfff;
            if (vlans.size() < MOST) {
                vlans.add(outermost);
            }
        }
        boolean isUnicast = header.destinationMac != 0 && (header.destinationMac & GROUP_BIT) == 0;
        if (isUnicast && unicastDestinations.size() < MOST) {
            unicastDestinations.add(header.destinationMac);
        }
        long ownMac = surroundings.ownMac();
        if (isUnicast && header.destinationMac != ownMac && header.sourceMac != ownMac) {
            foreign++;
        }
    }

    private void addMirror(PacketHeader header) {
        if (header.mirrorKind == PacketHeader.MIRROR_NONE) {
            return;
        }
        String session = kind(header.mirrorKind) + " session " + Integer.toUnsignedString(header.mirrorSession) + " of "
                + Addresses.ip(mirrorFamily(header), header.mirrorSourceHigh, header.mirrorSourceLow);
        if (mirrors.size() < MOST || mirrors.containsKey(session)) {
            mirrors.computeIfAbsent(session, unseen -> new MirrorEvidence()).add(header);
        }
    }

    /** An IPv4 sender has only the low 32 bits; an IPv6 address of these bits is none that sends. */
    private static int mirrorFamily(PacketHeader header) {
        return header.mirrorSourceHigh == 0 && (header.mirrorSourceLow >>> 32) == 0
                ? PacketHeader.FAMILY_IPV4
                : PacketHeader.FAMILY_IPV6;
    }

    private static String kind(int mirrorKind) {
        return switch (mirrorKind) {
            case PacketHeader.MIRROR_ERSPAN_1 -> "ERSPAN I";
            case PacketHeader.MIRROR_ERSPAN_2 -> "ERSPAN II";
            case PacketHeader.MIRROR_ERSPAN_3 -> "ERSPAN III";
            default -> "GRE";
        };
    }

    private void addOwn(PacketHeader header) {
        if (surroundings.brokers().isEmpty() || !header.isIp()) {
            return;
        }
        boolean isOwn = surroundings.isOwn(
                Addresses.ip(header.family, header.sourceHigh, header.sourceLow),
                header.sourcePort,
                Addresses.ip(header.family, header.destinationHigh, header.destinationLow),
                header.destinationPort);
        own += isOwn ? 1 : 0;
    }
}
