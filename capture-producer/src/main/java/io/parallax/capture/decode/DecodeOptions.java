package io.parallax.capture.decode;

import java.util.List;
import java.util.Set;

/**
 * What the decoder opens, and how far it goes.
 *
 * <p>A port number names one encapsulation: a port that is listed twice is refused, as is any value outside its range.
 *
 * @param maxEncapsulations tunnels opened within a frame, 0 to {@link #MOST_ENCAPSULATIONS}; more lets a hostile frame cost
 *     more time, fewer leaves overlays within mirrors closed
 * @param vxlanPorts UDP destination ports whose payload is read as VXLAN
 * @param vxlanGpePort UDP destination port of VXLAN-GPE
 * @param genevePort UDP destination port of GENEVE
 * @param openVxlan false leaves VXLAN and VXLAN-GPE packets on their outer flow
 * @param openGeneve false leaves GENEVE packets on their outer flow
 * @param mirrorSenders addresses or prefixes ({@code 10.0.0.7}, {@code 2001:db8::/32}) from whose outer address mirror packets
 *     are taken; empty: from any. Others get {@link Outcome#MIRROR_SENDER_REFUSED}
 */
public record DecodeOptions(
        int maxEncapsulations,
        Set<Integer> vxlanPorts,
        int vxlanGpePort,
        int genevePort,
        boolean openVxlan,
        boolean openGeneve,
        List<String> mirrorSenders) {

    /** An overlay within a mirror of a mirrored overlay has four; the issue asks for twice that. */
    public static final int DEFAULT_MAX_ENCAPSULATIONS = 8;

    /** A tunnel takes up to five of the layers that {@link HeaderDecoder} visits, of which there are 64. */
    public static final int MOST_ENCAPSULATIONS = 10;

    /** RFC 7348 section 5, and what Linux used before that port was assigned. */
    public static final Set<Integer> DEFAULT_VXLAN_PORTS = Set.of(4_789, 8_472);

    public static final int DEFAULT_VXLAN_GPE_PORT = 4_790;

    /** RFC 8926 section 3.3. */
    public static final int DEFAULT_GENEVE_PORT = 6_081;

    /** Everything open, mirrors from any sender. */
    public static final DecodeOptions DEFAULTS = new DecodeOptions(
            DEFAULT_MAX_ENCAPSULATIONS,
            DEFAULT_VXLAN_PORTS,
            DEFAULT_VXLAN_GPE_PORT,
            DEFAULT_GENEVE_PORT,
            true,
            true,
            List.of());

    private static final int MAX_PORT = 0xffff;

    /** Checks every value. */
    public DecodeOptions {
        if (maxEncapsulations < 0 || maxEncapsulations > MOST_ENCAPSULATIONS) {
            throw new IllegalArgumentException(
                    "maxEncapsulations is " + maxEncapsulations + ", allowed are 0 to " + MOST_ENCAPSULATIONS);
        }
        vxlanPorts = Set.copyOf(vxlanPorts);
        vxlanPorts.forEach(port -> checkPort("vxlanPorts", port));
        checkPort("vxlanGpePort", vxlanGpePort);
        checkPort("genevePort", genevePort);
        if (vxlanPorts.contains(vxlanGpePort) || vxlanPorts.contains(genevePort) || vxlanGpePort == genevePort) {
            throw new IllegalArgumentException("one port stands for two encapsulations: vxlanPorts " + vxlanPorts
                    + ", vxlanGpePort " + vxlanGpePort + ", genevePort " + genevePort);
        }
        mirrorSenders = List.copyOf(mirrorSenders);
        mirrorSenders.forEach(AddressPrefix::of);
    }

    private static void checkPort(String name, int port) {
        if (port < 1 || port > MAX_PORT) {
            throw new IllegalArgumentException(name + " has " + port + ", allowed are 1 to " + MAX_PORT);
        }
    }

    /** These options with other mirror senders. */
    public DecodeOptions withMirrorSenders(List<String> senders) {
        return new DecodeOptions(
                maxEncapsulations, vxlanPorts, vxlanGpePort, genevePort, openVxlan, openGeneve, senders);
    }
}
