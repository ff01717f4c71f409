package io.parallax.capture.decode;

import static io.parallax.capture.decode.Tunnels.PAYLOAD;
import static io.parallax.capture.decode.Tunnels.VNI;
import static io.parallax.capture.decode.Tunnels.inMirror;
import static io.parallax.capture.decode.Tunnels.inVxlan;
import static io.parallax.capture.decode.Tunnels.ip;
import static io.parallax.capture.decode.Wire.ETHERNET;
import static io.parallax.capture.decode.Wire.arp;
import static io.parallax.capture.decode.Wire.erspan2;
import static io.parallax.capture.decode.Wire.erspan3;
import static io.parallax.capture.decode.Wire.ethernet;
import static io.parallax.capture.decode.Wire.frame;
import static io.parallax.capture.decode.Wire.geneve;
import static io.parallax.capture.decode.Wire.gre;
import static io.parallax.capture.decode.Wire.ipv4;
import static io.parallax.capture.decode.Wire.ipv6;
import static io.parallax.capture.decode.Wire.tcp;
import static io.parallax.capture.decode.Wire.udp;
import static io.parallax.capture.decode.Wire.vlan;
import static io.parallax.capture.decode.Wire.vxlan;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.parallax.capture.source.Octets;
import io.parallax.wire.PacketHeader;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class TunnelTest {

    private static final int TCP = 6;
    private static final byte[] FRAME = ethernet(0x0800, ipv4(TCP, tcp(PAYLOAD)));
    private static final int TRANSPORT_OCTETS = 24 + PAYLOAD;

    private final HeaderDecoder decoder = new HeaderDecoder();
    private final PacketHeader header = new PacketHeader();

    private Outcome decode(byte[] octets) {
        return decoder.decode(frame(ETHERNET, octets), header);
    }

    static List<Map.Entry<String, byte[]>> overIp() {
        return List.copyOf(Tunnels.overIp().entrySet());
    }

    static List<Map.Entry<String, byte[]>> all() {
        Map<String, byte[]> all = Tunnels.overIp();
        all.putAll(Tunnels.overEthernet());
        return List.copyOf(all.entrySet());
    }

    @ParameterizedTest
    @MethodSource("all")
    void everyEncapsulationIsOpened(Map.Entry<String, byte[]> tunnel) {
        assertThat(decode(tunnel.getValue())).isEqualTo(Outcome.DECODED);

        assertIsInner();
        assertThat(header.status).isZero();
    }

    private void assertIsInner() {
        assertThat(header.protocol).isEqualTo(TCP);
        assertThat(header.octetsIp).isIn(20 + TRANSPORT_OCTETS, 40 + TRANSPORT_OCTETS);
        assertThat(header.octetsHeader).isEqualTo(header.octetsIp - PAYLOAD);
        assertThat(header.destinationPort).isEqualTo(443);
    }

    /** Cut by a snap length, or short on the wire: without a whole inner IP header the packet is the tunnel's. */
    @ParameterizedTest
    @MethodSource("all")
    void everyPrefixIsTheInnerPacketOrTheOuterOrNothing(Map.Entry<String, byte[]> tunnel) {
        byte[] whole = tunnel.getValue();
        boolean hasOuter = Tunnels.overIp().containsKey(tunnel.getKey());
        int outerEnd = whole[12] == 0x08 && whole[13] == 0 ? 34 : 54;
        for (int captured = 0; captured < whole.length; captured++) {
            for (int original : new int[] {captured, whole.length}) {
                Outcome outcome = decoder.decode(frame(ETHERNET, whole, captured, original), header);
                String where = captured + " of " + original;
                boolean hasInner = captured >= whole.length - TRANSPORT_OCTETS;
                assertThat(outcome.publishesHeader())
                        .as(where)
                        .isEqualTo(hasInner || (hasOuter && captured >= outerEnd));
                if (outcome.publishesHeader()) {
                    assertThat(header.protocol == TCP).as(where).isEqualTo(hasInner);
                }
            }
        }
    }

    @ParameterizedTest
    @MethodSource("overIp")
    void aTunnelMoreThanAllowedStaysClosed(Map.Entry<String, byte[]> tunnel) {
        HeaderDecoder none =
                new HeaderDecoder(new DecodeOptions(0, Set.of(4_789, 8_472), 4_790, 6_081, true, true, List.of()));

        assertThat(none.decode(frame(ETHERNET, tunnel.getValue()), header)).isEqualTo(Outcome.DECODED_TUNNEL_TOO_DEEP);
        assertThat(header.protocol).isNotEqualTo(TCP);
        assertThat(header.isIp()).isTrue();
    }

    @Test
    void eightTunnelsAreOpenedAndANinthIsNot() {
        assertThat(decode(Tunnels.nested(FRAME, 8, Tunnels::inVxlan))).isEqualTo(Outcome.DECODED);
        assertIsInner();

        assertThat(decode(Tunnels.nested(FRAME, 9, Tunnels::inVxlan))).isEqualTo(Outcome.DECODED_TUNNEL_TOO_DEEP);
        assertThat(header.destinationPort).isEqualTo(4_789);
        assertThat(header.octetsIp).as("the ninth").isEqualTo(20 + 8 + 8 + FRAME.length);

        assertThat(decode(Tunnels.nested(FRAME, 500, Tunnels::inMirror))).isEqualTo(Outcome.DECODED_TUNNEL_TOO_DEEP);
        assertThat(header.mirrorDepth).isEqualTo(8);
    }

    @Test
    void aTunnelWithoutIpLeavesThePacketOnItsOuterHeader() {
        byte[] spanningTree = ethernet(38, new Octets().hex("424203").zeros(35).toBytes());
        byte[] brokenIp = ethernet(0x0800, new byte[40]);
        for (byte[] inside :
                List.of(ethernet(0x0806, arp(1)), spanningTree, brokenIp, ethernet(0x88cc, new byte[46]))) {
            byte[] outer = ethernet(0x8100, vlan(5, 0x0800, ipv4(17, udp(4_789, vxlan(8, 0, VNI, inside)))));
            assertThat(decode(outer)).isEqualTo(Outcome.DECODED_TUNNEL_WITHOUT_IP);
            assertThat(header.protocol).isEqualTo(17);
            assertThat(header.destinationPort).isEqualTo(4_789);
            assertThat(header.vlanStack).isEqualTo(5);
            assertThat(header.overlayId).isEqualTo(PacketHeader.NO_OVERLAY);
            assertThat(header.octetsIp).isEqualTo(outer.length - 18);
        }
        assertThat(decode(inVxlan(inVxlan(ethernet(0x0806, arp(1)))))).isEqualTo(Outcome.DECODED_TUNNEL_WITHOUT_IP);
        assertThat(header.overlayId)
                .as("the inner of two tunnels is within the outer")
                .isEqualTo(VNI);
    }

    @Test
    void aFrameWithinAFrameStartsAddressesAndTagsAnew() {
        byte[] inner = new Octets()
                .hex("020000000bbb 020000000aaa 8100 000c 0800")
                .bytes(ipv4(TCP, tcp(PAYLOAD)))
                .toBytes();

        decode(ethernet(0x8100, vlan(5, 0x0800, ipv4(17, udp(4_789, vxlan(8, 0, VNI, inner))))));

        assertThat(header.sourceMac).isEqualTo(0x020000000aaaL);
        assertThat(header.destinationMac).isEqualTo(0x020000000bbbL);
        assertThat(header.vlanCount).isOne();
        assertThat(header.vlanStack).isEqualTo(12);
        assertThat(header.overlayId).isEqualTo(VNI);
    }

    @Test
    void paddingBehindTheOuterPacketIsNotTheInnerOne() {
        byte[] cutByTheTunnel = ipv4(4, 20 + 20 + 2, 0, 1, ipv4(TCP, tcp(PAYLOAD)));

        assertThat(decode(ethernet(0x0800, cutByTheTunnel))).isEqualTo(Outcome.DECODED_PORTS_CUT_OFF);
        assertThat(header.octetsIp).isEqualTo(20 + TRANSPORT_OCTETS);
        assertThat(header.destinationPort).isZero();
    }

    @Test
    void whatIsNotOpenedIsAnOrdinaryPacket() {
        List<byte[]> closed = List.of(
                ip(47, gre(0x2001, 0x880b, 0, 0, FRAME)),
                ip(47, gre(0x4000, 0x0800, 0, 0, FRAME)),
                ip(47, gre(0x1000, 0x88be, 0, 1, erspan3(1, 0, FRAME))),
                ip(47, gre(0x1000, 0x22eb, 0, 1, erspan2(1, FRAME))),
                ip(47, gre(0x1000, 0x22eb, 0, 1, erspan3(1, 0x0800, FRAME))),
                ip(17, udp(4_789, vxlan(0, 0, VNI, FRAME))),
                ip(17, udp(4_790, vxlan(0x1c, 3, VNI, FRAME))),
                ip(17, udp(6_081, geneve(1, 0, 0x6558, VNI, FRAME))),
                ip(17, udp(1_701, FRAME)),
                ip(136, udp(4_789, vxlan(8, 0, VNI, FRAME))));
        for (byte[] octets : closed) {
            assertThat(decode(octets)).isEqualTo(Outcome.DECODED);
            assertThat(header.protocol).isNotEqualTo(TCP);
        }
    }

    @Test
    void overlaysCanBeKeptClosed() {
        HeaderDecoder closed =
                new HeaderDecoder(new DecodeOptions(8, Set.of(4_789), 4_790, 6_081, false, false, List.of()));
        for (String name : List.of("VXLAN", "VXLAN-GPE, IPv4", "GENEVE")) {
            byte[] octets = Tunnels.named(name);
            assertThat(closed.decode(frame(ETHERNET, octets), header)).isEqualTo(Outcome.DECODED);
            assertThat(header.protocol).isEqualTo(17);
        }
        assertThat(closed.decode(frame(ETHERNET, inMirror(FRAME)), header)).isEqualTo(Outcome.DECODED);
        assertIsInner();
    }

    @Test
    void theKeyOfADistributedSwitchTellsTheDirection() {
        decode(ip(47, gre(0x2000, 0x6558, 0x0200_0000, 0, FRAME)));
        assertThat(header.mirrorKind).isEqualTo(PacketHeader.MIRROR_GRE);
        assertThat(header.mirrorDirection).isEqualTo(PacketHeader.DIRECTION_SENT);
        assertThat(header.mirrorSession).isEqualTo(0x0200_0000);
        assertThat(header.mirrorSequence).isEqualTo(PacketHeader.NO_SEQUENCE);
        assertThat(header.mirrorSourceLow).isEqualTo(0x0a000001);
        assertThat(header.mirrorIdentification).isEqualTo(0x4242);
        assertThat(header.mirrorDepth).isOne();

        decode(ip(47, gre(0x3000, 0x6558, 0, 0xffff_fffeL, FRAME)));
        assertThat(header.mirrorDirection).isEqualTo(PacketHeader.DIRECTION_DELIVERED);
        assertThat(header.mirrorSequence).isEqualTo(0xffff_fffeL);

        decode(ip(47, gre(0x2000, 0x6558, 77, 0, FRAME)));
        assertThat(header.mirrorDirection).isEqualTo(PacketHeader.DIRECTION_UNKNOWN);
        decode(ip(47, gre(0, 0x6558, 0, 0, FRAME)));
        assertThat(header.mirrorDirection).as("no key is not key 0").isEqualTo(PacketHeader.DIRECTION_UNKNOWN);
        decode(FRAME);
        assertThat(header.mirrorKind).isEqualTo(PacketHeader.MIRROR_NONE);
        assertThat(header.mirrorSourceLow).isZero();
    }

    @Test
    void erspanNamesSessionSequenceAndDirection() {
        decode(Tunnels.named("ERSPAN I"));
        assertThat(header.mirrorKind).isEqualTo(PacketHeader.MIRROR_ERSPAN_1);
        decode(Tunnels.named("ERSPAN II"));
        assertThat(header.mirrorKind).isEqualTo(PacketHeader.MIRROR_ERSPAN_2);
        assertThat(header.mirrorSession).isEqualTo(100);
        assertThat(header.mirrorSequence).isEqualTo(7);
        assertThat(header.mirrorDirection).isEqualTo(PacketHeader.DIRECTION_UNKNOWN);
        decode(Tunnels.named("ERSPAN III"));
        assertThat(header.mirrorKind).isEqualTo(PacketHeader.MIRROR_ERSPAN_3);
        assertThat(header.mirrorDirection).isEqualTo(PacketHeader.DIRECTION_DELIVERED);
        decode(Tunnels.named("ERSPAN III, sub-header"));
        assertThat(header.mirrorDirection).isEqualTo(PacketHeader.DIRECTION_SENT);
        assertThat(header.vlanStack)
                .as("the frame's own tag, not the session's VLAN")
                .isEqualTo(12);
    }

    @Test
    void aMirroredFrameWithoutIpStillCountsForItsSession() {
        byte[] mirror = ip(47, gre(0x1000, 0x88be, 0, 7, erspan2(100, ethernet(0x0806, arp(1)))));

        assertThat(decode(mirror)).isEqualTo(Outcome.DECODED_TUNNEL_WITHOUT_IP);
        assertThat(header.protocol).isEqualTo(47);
        assertThat(header.mirrorSession).isEqualTo(100);
        assertThat(header.mirrorSequence).isEqualTo(7);
    }

    @Test
    void aMirrorOfAMirrorIsToldByItsDepthAndAnOverlayAroundAMirrorIsNotTheFramesOwn() {
        decode(inMirror(inMirror(FRAME)));
        assertThat(header.mirrorDepth).isEqualTo(2);
        decode(inVxlan(inMirror(FRAME)));
        assertThat(header.overlayId).isEqualTo(PacketHeader.NO_OVERLAY);
        decode(inMirror(inVxlan(FRAME)));
        assertThat(header.overlayId).isEqualTo(VNI);
        assertThat(header.mirrorKind).isEqualTo(PacketHeader.MIRROR_GRE);
    }

    @Test
    void mirrorsOfStrangersAreRefused() {
        assertThat(decodeFrom("10.0.0.1", inMirror(FRAME))).isEqualTo(Outcome.DECODED);
        assertThat(decodeFrom("10.0.0.0/31", inMirror(FRAME))).isEqualTo(Outcome.DECODED);
        assertThat(decodeFrom("10.0.0.2/32", inMirror(FRAME))).isEqualTo(Outcome.MIRROR_SENDER_REFUSED);
        assertThat(decodeFrom("2001:db8::/32", inMirror(FRAME))).isEqualTo(Outcome.MIRROR_SENDER_REFUSED);
        assertThat(decodeFrom("0.0.0.0/0", inMirror(FRAME))).isEqualTo(Outcome.DECODED);
        byte[] over6 = Tunnels.named("GRE over IPv6");
        assertThat(decodeFrom("2001:db8::/32", over6)).isEqualTo(Outcome.DECODED);
        assertThat(decodeFrom("2001:db8::1", over6)).isEqualTo(Outcome.DECODED);
        assertThat(decodeFrom("2001:db9::/32", over6)).isEqualTo(Outcome.MIRROR_SENDER_REFUSED);
        assertThat(decodeFrom("10.0.0.2", inVxlan(inMirror(FRAME)))).isEqualTo(Outcome.MIRROR_SENDER_REFUSED);
        assertThat(decodeFrom("10.0.0.2", inVxlan(FRAME))).as("no mirror").isEqualTo(Outcome.DECODED);
        assertThat(Outcome.MIRROR_SENDER_REFUSED.publishesHeader()).isFalse();
    }

    private Outcome decodeFrom(String sender, byte[] octets) {
        return new HeaderDecoder(DecodeOptions.DEFAULTS.withMirrorSenders(List.of(sender)))
                .decode(frame(ETHERNET, octets), header);
    }

    @Test
    void optionsThatCannotBeAreRefused() {
        for (String sender :
                List.of("", "host", "10.0.0", "10.0.0.1/33", "10.0.0.1/-1", "10.0.0.300", "::1/129", "10.0.0.1/")) {
            assertThatThrownBy(() -> DecodeOptions.DEFAULTS.withMirrorSenders(List.of(sender)))
                    .as(sender)
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("'" + sender + "'");
        }
        assertThatThrownBy(() -> new DecodeOptions(11, Set.of(), 1, 2, true, true, List.of()))
                .hasMessageContaining("maxEncapsulations is 11");
        assertThatThrownBy(() -> new DecodeOptions(8, Set.of(70_000), 1, 2, true, true, List.of()))
                .hasMessageContaining("vxlanPorts has 70000");
        assertThatThrownBy(() -> new DecodeOptions(8, Set.of(1), 1, 2, true, true, List.of()))
                .hasMessageContaining("two encapsulations");
    }

    @Test
    void theFirstFragmentOfATunnelIsOpenedAndLaterOnesFindTheOuterPorts() {
        List<PacketHeader> out = new ArrayList<>();
        FragmentTable fragments = new FragmentTable(passed -> {
            PacketHeader copy = new PacketHeader();
            copy.copyFrom(passed);
            out.add(copy);
        });
        HeaderDecoder joined = new HeaderDecoder(DecodeOptions.DEFAULTS, fragments::learn);
        byte[] payload = udp(4_789, vxlan(8, 0, VNI, FRAME));

        byte[] first = ethernet(0x0800, ipv4(17, 20 + payload.length, 0x2000, 9, payload));
        assertThat(joined.decode(frame(ETHERNET, first), header)).isEqualTo(Outcome.DECODED);
        assertIsInner();
        assertThat(header.status).as("the inner packet is no fragment").isZero();
        fragments.accept(header);
        byte[] later = ethernet(0x0800, ipv4(17, 120, 0x0010, 9, new byte[100]));
        assertThat(joined.decode(frame(ETHERNET, later), header)).isEqualTo(Outcome.DECODED_LATER_FRAGMENT);
        fragments.accept(header);

        assertThat(out).extracting(h -> h.destinationPort).containsExactly(443, 4_789);
        assertThat(out.get(1).has(PacketHeader.STATUS_PORTS_UNKNOWN)).isFalse();
    }

    @Test
    void fragmentsOfTenantsWithTheSameAddressesAreKeptApart() {
        List<Integer> ports = new ArrayList<>();
        FragmentTable fragments = new FragmentTable(passed -> ports.add(passed.destinationPort));
        byte[] first = ethernet(0x0800, ipv4(17, 128, 0x2000, 9, udp(100)));
        byte[] later = ethernet(0x0800, ipv4(17, 120, 0x0010, 9, new byte[100]));
        for (int overlay : new int[] {1, 2}) {
            byte[] inside = overlay == 1 ? first : later;
            decode(ip(17, udp(4_789, vxlan(8, 0, overlay, inside))));
            fragments.accept(header);
        }
        fragments.release();

        assertThat(ports).containsExactly(53, 0);
    }

    @Test
    void aTunnelBehindIpv6OptionsIsOpened() {
        byte[] options = new Octets()
                .hex("2f00 010400000000")
                .bytes(gre(0, 0x0800, 0, 0, ipv4(TCP, tcp(PAYLOAD))))
                .toBytes();

        assertThat(decode(ethernet(0x86dd, ipv6(60, options)))).isEqualTo(Outcome.DECODED);
        assertIsInner();
    }
}
