package io.parallax.wire;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.util.Locale;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class AddressesTest {

    /** Examples of RFC 5952, sections 4 and 5, and of the corners they leave. */
    @ParameterizedTest
    @CsvSource({
        "2001:0db8:0000:0000:0000:0000:0002:0001, 2001:db8::2:1",
        "2001:db8:0:1:1:1:1:1, 2001:db8:0:1:1:1:1:1",
        "2001:0:0:1:0:0:0:1, 2001:0:0:1::1",
        "2001:db8:0:0:1:0:0:1, 2001:db8::1:0:0:1",
        "2001:DB8:AAAA:BBBB:CCCC:DDDD:EEEE:1, 2001:db8:aaaa:bbbb:cccc:dddd:eeee:1",
        "0:0:0:0:0:0:0:0, ::",
        "0:0:0:0:0:0:0:1, ::1",
        "1:0:0:0:0:0:0:0, 1::",
        "fe80:0:0:0:0:0:0:0, fe80::",
        "0:1:0:1:0:1:0:1, 0:1:0:1:0:1:0:1",
        "0:0:1:0:0:0:1:0, 0:0:1::1:0",
        "1:0:0:2:0:0:3:4, 1::2:0:0:3:4",
        "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff, ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff"
    })
    void ipv6IsWrittenAsRfc5952Recommends(String groups, String expected) throws Exception {
        ByteBuffer octets = ByteBuffer.wrap(InetAddress.getByName(groups).getAddress());
        assertThat(Addresses.ip(PacketHeader.FAMILY_IPV6, octets.getLong(), octets.getLong()))
                .isEqualTo(expected);
    }

    @Property
    void everyIpv6TextNamesItsAddress(@ForAll @Size(8) @IntRange(max = 3) int[] sparse, @ForAll long high)
            throws UnknownHostException {
        ByteBuffer octets = ByteBuffer.allocate(16);
        for (int group : sparse) {
            octets.putShort((short) (group == 3 ? high : group == 2 ? 1 : 0));
        }
        // The mapped form is the one that InetAddress turns into an IPv4 address.
        octets.put(0, (byte) (octets.get(0) | 0x20));
        String text = Addresses.ip(PacketHeader.FAMILY_IPV6, octets.getLong(0), octets.getLong(8));
        assertThat(InetAddress.getByName(text).getAddress()).isEqualTo(octets.array());
        assertThat(text).doesNotContain(":::").isEqualTo(text.toLowerCase(Locale.ROOT));
    }

    @Property
    void ipv4IsDottedDecimal(@ForAll int address) throws UnknownHostException {
        byte[] octets = ByteBuffer.allocate(4).putInt(address).array();
        assertThat(Addresses.ip(PacketHeader.FAMILY_IPV4, 0, address & 0xFFFF_FFFFL))
                .isEqualTo(InetAddress.getByAddress(octets).getHostAddress());
    }

    @Test
    void aMacAddressIsSixOctets() {
        assertThat(Addresses.mac(0x0050_56AB_CDEFL)).isEqualTo("00:50:56:ab:cd:ef");
        assertThat(Addresses.mac(0)).isEqualTo("00:00:00:00:00:00");
    }

    @Test
    void aSubnetIsTheNetworkInCidrNotation() {
        assertThat(Addresses.subnet(PacketHeader.FAMILY_IPV4, 0, 0x0A01_02FEL, 24))
                .isEqualTo("10.1.2.0/24");
        assertThat(Addresses.subnet(PacketHeader.FAMILY_IPV4, 0, 0xFFFF_FFFFL, 0))
                .isEqualTo("0.0.0.0/0");
        assertThat(Addresses.subnet(PacketHeader.FAMILY_IPV4, 0, 0x0A01_02FEL, 32))
                .isEqualTo("10.1.2.254/32");
        assertThat(Addresses.subnet(PacketHeader.FAMILY_IPV6, 0x2001_0DB8_0001_0002L, 3, 64))
                .isEqualTo("2001:db8:1:2::/64");
        assertThat(Addresses.subnet(PacketHeader.FAMILY_IPV6, -1, -1, 0)).isEqualTo("::/0");
        assertThat(Addresses.subnet(PacketHeader.FAMILY_IPV6, 0x2001_0DB8_0001_0002L, 3, 128))
                .isEqualTo("2001:db8:1:2::3/128");
    }
}
