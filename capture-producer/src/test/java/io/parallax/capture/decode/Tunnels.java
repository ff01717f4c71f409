package io.parallax.capture.decode;

import static io.parallax.capture.decode.Wire.erspan2;
import static io.parallax.capture.decode.Wire.erspan3;
import static io.parallax.capture.decode.Wire.ethernet;
import static io.parallax.capture.decode.Wire.geneve;
import static io.parallax.capture.decode.Wire.gre;
import static io.parallax.capture.decode.Wire.icmp;
import static io.parallax.capture.decode.Wire.ipv4;
import static io.parallax.capture.decode.Wire.ipv6;
import static io.parallax.capture.decode.Wire.mpls;
import static io.parallax.capture.decode.Wire.tcp;
import static io.parallax.capture.decode.Wire.udp;
import static io.parallax.capture.decode.Wire.vlan;
import static io.parallax.capture.decode.Wire.vxlan;

import io.parallax.capture.source.Octets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.function.UnaryOperator;

/** One frame of every encapsulation; inside is a TCP segment with {@link #PAYLOAD} octets, which no outer header is. */
final class Tunnels {

    static final int PAYLOAD = 10;
    static final int VNI = 0xabcdef;

    private static final byte[] INNER = ipv4(6, tcp(PAYLOAD));
    private static final byte[] INNER_6 = ipv6(6, tcp(PAYLOAD));

    private Tunnels() {}

    /** Tunnels over IP by name. */
    static Map<String, byte[]> overIp() {
        byte[] frame = ethernet(0x0800, INNER);
        byte[] tagged = ethernet(0x8100, vlan(12, 0x0800, INNER));
        Map<String, byte[]> all = new LinkedHashMap<>();
        all.put("GRE, IPv4", ip(47, gre(0, 0x0800, 0, 0, INNER)));
        all.put("GRE, IPv6", ip(47, gre(0, 0x86dd, 0, 0, INNER_6)));
        all.put("GRE, checksum", ip(47, gre(0x8000, 0x0800, 0, 0, INNER)));
        all.put("GRE, key", ip(47, gre(0x2000, 0x0800, 5, 0, INNER)));
        all.put("GRE, sequence", ip(47, gre(0x1000, 0x0800, 0, 7, INNER)));
        all.put("GRE, all fields", ip(47, gre(0xb000, 0x6558, 5, 7, tagged)));
        all.put("GRE, MPLS", ip(47, gre(0, 0x8847, 0, 0, mpls(1, INNER))));
        all.put("GRE, tag", ip(47, gre(0, 0x88a8, 0, 0, vlan(1, 0x0800, INNER))));
        all.put("GRE over IPv6", ethernet(0x86dd, ipv6(47, gre(0, 0x6558, 0, 0, frame))));
        all.put("ERSPAN I", ip(47, gre(0, 0x88be, 0, 0, frame)));
        all.put("ERSPAN II", ip(47, gre(0x1000, 0x88be, 0, 7, erspan2(100, frame))));
        all.put("ERSPAN III", ip(47, gre(0x1000, 0x22eb, 0, 7, erspan3(100, 0x8008, frame))));
        all.put("ERSPAN III, sub-header", ip(47, gre(0x1000, 0x22eb, 0, 7, erspan3(100, 1, tagged))));
        all.put("VXLAN", ip(17, udp(4_789, vxlan(8, 0, VNI, frame))));
        all.put("VXLAN, Linux port", ip(17, udp(8_472, vxlan(8, 0, VNI, tagged))));
        all.put("VXLAN-GPE, IPv4", ip(17, udp(4_790, vxlan(0x0c, 1, VNI, INNER))));
        all.put("VXLAN-GPE, IPv6", ip(17, udp(4_790, vxlan(0x0c, 2, VNI, INNER_6))));
        all.put("VXLAN-GPE, Ethernet", ip(17, udp(4_790, vxlan(0x0c, 3, VNI, frame))));
        all.put("VXLAN-GPE, MPLS", ip(17, udp(4_790, vxlan(0x0c, 5, VNI, mpls(1, INNER)))));
        all.put("VXLAN-GPE without protocol", ip(17, udp(4_790, vxlan(8, 0, VNI, frame))));
        all.put("GENEVE", ip(17, udp(6_081, geneve(0, 0, 0x6558, VNI, frame))));
        all.put("GENEVE, options", ip(17, udp(6_081, geneve(0, 63, 0x0800, VNI, INNER))));
        all.put("IPv4 in IPv4", ip(4, INNER));
        all.put("IPv6 in IPv4", ip(41, INNER_6));
        all.put("IPv4 in IPv6", ethernet(0x86dd, ipv6(4, INNER)));
        all.put("IPv6 in IPv6", ethernet(0x86dd, ipv6(41, INNER_6)));
        all.put("MPLS in IP", ip(137, mpls(2, INNER)));
        return all;
    }

    static byte[] named(String name) {
        return Objects.requireNonNull(overIp().get(name), name);
    }

    /** Encapsulations without an IP header of their own, by name. */
    static Map<String, byte[]> overEthernet() {
        byte[] frame = ethernet(0x0800, INNER);
        Map<String, byte[]> all = new LinkedHashMap<>();
        all.put("MPLS", ethernet(0x8847, mpls(1, INNER)));
        all.put("MPLS, three labels", ethernet(0x8848, mpls(3, INNER_6)));
        all.put("MPLS pseudowire", ethernet(0x8847, mpls(1, prefixed("00000001", frame))));
        all.put("PPPoE", ethernet(0x8864, prefixed("11000001 0038 0021", INNER)));
        all.put("PPPoE, IPv6, QinQ", ethernet(0x9100, vlan(1, 0x8864, prefixed("11000001 004c 0057", INNER_6))));
        all.put("backbone tag", ethernet(0x88a8, vlan(4_051, 0x88e7, prefixed("201ebb64", frame))));
        all.put("VN-tag", ethernet(0x8926, prefixed("80010002 8100 000c 0800", INNER)));
        return all;
    }

    /** {@code innermost} within {@code depth} times the same tunnel. */
    static byte[] nested(byte[] innermost, int depth, UnaryOperator<byte[]> tunnel) {
        byte[] frame = innermost;
        for (int i = 0; i < depth; i++) {
            frame = tunnel.apply(frame);
        }
        return frame;
    }

    static byte[] inVxlan(byte[] frame) {
        return ip(17, udp(4_789, vxlan(8, 0, VNI, frame)));
    }

    static byte[] inMirror(byte[] frame) {
        return ip(47, gre(0x2000, 0x6558, 0x0200_0000, 0, frame));
    }

    /** A frame of any encapsulation, often within another. */
    static byte[] any(Random random) {
        Map<String, byte[]> all = overIp();
        all.putAll(overEthernet());
        all.put("plain", new TrafficMix(random.nextLong()).next());
        all.put("ICMP error", icmpError());
        all.put("ICMPv6 error", icmpv6Error());
        byte[] frame = all.values().toArray(byte[][]::new)[random.nextInt(all.size())];
        return nested(frame, random.nextInt(3), random.nextBoolean() ? Tunnels::inVxlan : Tunnels::inMirror);
    }

    /** Port unreachable that quotes a datagram. */
    static byte[] icmpError() {
        return ip(1, icmp(3, 3, ipv4(17, udp(0))));
    }

    /** Packet too big that quotes a segment behind an extension header. */
    static byte[] icmpv6Error() {
        return ethernet(0x86dd, ipv6(58, icmp(2, 0, ipv6(60, prefixed("0600010400000000", tcp(0))))));
    }

    static byte[] ip(int protocol, byte[] payload) {
        return ethernet(0x0800, ipv4(protocol, payload));
    }

    static byte[] prefixed(String hex, byte[] payload) {
        return new Octets().hex(hex).bytes(payload).toBytes();
    }
}
