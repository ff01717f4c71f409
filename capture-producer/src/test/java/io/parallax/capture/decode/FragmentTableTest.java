package io.parallax.capture.decode;

import static org.assertj.core.api.Assertions.assertThat;

import io.parallax.wire.PacketHeader;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

class FragmentTableTest {

    private static final long SECOND = 1_000_000_000L;
    private static final int UDP = 17;

    private final List<PacketHeader> out = new ArrayList<>();
    private final FragmentTable table = new FragmentTable(64, 4, 30 * SECOND, this::keep);

    private void keep(PacketHeader header) {
        PacketHeader copy = new PacketHeader();
        copy.copyFrom(header);
        out.add(copy);
    }

    private static PacketHeader header(long timeNanos, int identification, int status) {
        PacketHeader header = new PacketHeader();
        header.timeNanos = timeNanos;
        header.family = PacketHeader.FAMILY_IPV4;
        header.sourceLow = 1;
        header.destinationLow = 2;
        header.protocol = UDP;
        header.fragmentIdentification = identification;
        header.status = status;
        return header;
    }

    private static PacketHeader first(long timeNanos, int identification, int port) {
        PacketHeader header = header(timeNanos, identification, PacketHeader.STATUS_FRAGMENT);
        header.sourcePort = port;
        header.destinationPort = 53;
        return header;
    }

    private static PacketHeader later(long timeNanos, int identification) {
        return header(
                timeNanos,
                identification,
                PacketHeader.STATUS_FRAGMENT | PacketHeader.STATUS_LATER_FRAGMENT | PacketHeader.STATUS_PORTS_UNKNOWN);
    }

    @Test
    void aLaterFragmentGetsThePortsOfItsFirst() {
        table.accept(first(0, 7, 1_000));
        table.accept(later(SECOND, 7));

        assertThat(out).extracting(h -> h.sourcePort).containsExactly(1_000, 1_000);
        assertThat(out.get(1).status).isEqualTo(PacketHeader.STATUS_FRAGMENT | PacketHeader.STATUS_LATER_FRAGMENT);
    }

    @Test
    void anIdentificationThatComesAgainIsTheNewDatagram() {
        table.accept(first(0, 7, 1_000));
        table.accept(first(1, 7, 2_000));
        table.accept(later(2, 7));

        assertThat(out.get(2).sourcePort).isEqualTo(2_000);
    }

    @Test
    void aFragmentThatOvertookItsFirstWaitsForIt() {
        table.accept(later(5, 7));
        table.accept(later(6, 8));
        assertThat(out).isEmpty();
        assertThat(table.earliestHeldNanos()).isEqualTo(5);

        table.accept(first(10, 7, 1_000));

        assertThat(out).extracting(h -> h.timeNanos).containsExactly(10L, 5L);
        assertThat(out.get(1).sourcePort).isEqualTo(1_000);
        assertThat(table.held()).isOne();
        assertThat(table.earliestHeldNanos()).isEqualTo(6);
    }

    @Test
    void anOrphanLeavesWhenItsTimeIsUp() {
        table.accept(later(0, 7));
        table.accept(header(30 * SECOND, 0, 0));
        assertThat(out).hasSize(1);
        table.accept(header(30 * SECOND + 1, 0, 0));

        assertThat(out).hasSize(3);
        assertThat(out.get(1).has(PacketHeader.STATUS_PORTS_UNKNOWN)).isTrue();
        assertThat(table.earliestHeldNanos()).isEqualTo(Long.MAX_VALUE);
    }

    @Test
    void anOrphanLeavesWhenThereIsNoRoom() {
        for (int i = 0; i < 6; i++) {
            table.accept(later(i, i));
        }

        assertThat(out).extracting(h -> h.timeNanos).containsExactly(0L, 1L);
        assertThat(table.held()).isEqualTo(4);
        table.release();
        assertThat(out).extracting(h -> h.timeNanos).containsExactly(0L, 1L, 2L, 3L, 4L, 5L);
    }

    @Test
    void aFirstFragmentIsForgottenAfterTheLimit() {
        table.accept(first(0, 7, 1_000));
        table.accept(later(30 * SECOND + 1, 7));
        table.release();

        assertThat(out.get(1).has(PacketHeader.STATUS_PORTS_UNKNOWN)).isTrue();
    }

    @Test
    void datagramsOfOtherProtocolsOrHostsAreOthers() {
        table.accept(first(0, 7, 1_000));
        PacketHeader other = later(1, 7);
        other.protocol = 6;
        table.accept(other);
        PacketHeader elsewhere = later(1, 7);
        elsewhere.destinationHigh = 1;
        table.accept(elsewhere);

        assertThat(out).hasSize(1);
        assertThat(table.held()).isEqualTo(2);
    }

    @Test
    void aProtocolWithoutPortsHasNothingToWaitFor() {
        PacketHeader gre = later(0, 7);
        gre.protocol = 47;
        gre.status &= ~PacketHeader.STATUS_PORTS_UNKNOWN;
        table.accept(gre);

        assertThat(out).hasSize(1);
    }

    @Test
    void anIpv6FragmentLearnsTheProtocolBehindTheOptions() {
        PacketHeader six = first(0, 7, 1_000);
        six.family = PacketHeader.FAMILY_IPV6;
        PacketHeader options = later(1, 7);
        options.family = PacketHeader.FAMILY_IPV6;
        options.protocol = 60;
        table.accept(six);
        table.accept(options);

        assertThat(out.get(1).protocol).isEqualTo(UDP);
        assertThat(out.get(1).sourcePort).isEqualTo(1_000);
    }

    /** Every header leaves once, with its own time and length; no later fragment has another datagram's ports. */
    @Property(tries = 500)
    void nothingIsLostOrDoubledOrMisattributed(@ForAll long seed) {
        Random random = new Random(seed);
        List<PacketHeader> left = new ArrayList<>();
        FragmentTable small = new FragmentTable(8, 5, 50, h -> {
            PacketHeader copy = new PacketHeader();
            copy.copyFrom(h);
            left.add(copy);
        });
        int count = random.nextInt(300);
        for (int i = 0; i < count; i++) {
            int identification = random.nextInt(30);
            PacketHeader header = switch (random.nextInt(3)) {
                case 0 -> header(i, identification, 0);
                case 1 -> first(i, identification, 1_000 + identification);
                default -> later(i, identification);
            };
            header.octetsIp = i;
            small.accept(header);
            assertThat(left.size() + small.held()).isEqualTo(i + 1);
        }
        small.release();

        assertThat(left).hasSize(count);
        assertThat(left.stream().mapToInt(h -> h.octetsIp).distinct().count()).isEqualTo(count);
        assertThat(left)
                .filteredOn(h -> h.has(PacketHeader.STATUS_FRAGMENT) && !h.has(PacketHeader.STATUS_PORTS_UNKNOWN))
                .allMatch(h -> h.sourcePort == 1_000 + h.fragmentIdentification);
    }
}
