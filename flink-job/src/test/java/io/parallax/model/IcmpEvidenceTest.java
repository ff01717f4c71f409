package io.parallax.model;

import static org.assertj.core.api.Assertions.assertThat;

import io.parallax.wire.PacketHeader;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

final class IcmpEvidenceTest {

    @ParameterizedTest
    @CsvSource({
        "3, 0, NET_UNREACHABLE",
        "3, 1, HOST_UNREACHABLE",
        "3, 2, PROTOCOL_UNREACHABLE",
        "3, 3, PORT_UNREACHABLE",
        "3, 4, TOO_BIG",
        "3, 5, OTHER",
        "3, 6, NET_UNREACHABLE",
        "3, 7, HOST_UNREACHABLE",
        "3, 8, HOST_UNREACHABLE",
        "3, 9, PROHIBITED",
        "3, 10, PROHIBITED",
        "3, 11, NET_UNREACHABLE",
        "3, 12, HOST_UNREACHABLE",
        "3, 13, PROHIBITED",
        "3, 14, PROHIBITED",
        "3, 15, PROHIBITED",
        "3, 16, OTHER",
        "4, 0, OTHER",
        "5, 1, OTHER",
        "11, 0, TTL_EXCEEDED",
        "11, 1, OTHER",
        "12, 0, OTHER",
    })
    void anErrorOfIpv4MeansWhatItsTypeAndCodeSay(int type, int code, IcmpEvidence meaning) {
        assertThat(IcmpEvidence.of(type << 8 | code)).isEqualTo(meaning);
    }

    @ParameterizedTest
    @CsvSource({
        "1, 0, NET_UNREACHABLE",
        "1, 1, PROHIBITED",
        "1, 2, NET_UNREACHABLE",
        "1, 3, HOST_UNREACHABLE",
        "1, 4, PORT_UNREACHABLE",
        "1, 5, PROHIBITED",
        "1, 6, PROHIBITED",
        "1, 7, OTHER",
        "2, 0, TOO_BIG",
        "3, 0, TTL_EXCEEDED",
        "3, 1, OTHER",
        "4, 0, OTHER",
        "4, 1, PROTOCOL_UNREACHABLE",
    })
    void anErrorOfIpv6MeansWhatItsTypeAndCodeSay(int type, int code, IcmpEvidence meaning) {
        assertThat(IcmpEvidence.of(PacketHeader.QUOTED_BY_ICMPV6 | type << 8 | code))
                .isEqualTo(meaning);
    }

    @Test
    void aPacketThatWasSeenIsNoEvidence() {
        assertThat(IcmpEvidence.of(0)).isEqualTo(IcmpEvidence.NONE);
        assertThat(IcmpEvidence.NONE.code()).isZero();
    }

    @Test
    void everyErrorIsEvidence() {
        for (int quotedBy = 1; quotedBy < 1 << 17; quotedBy++) {
            assertThat(IcmpEvidence.of(quotedBy)).isNotEqualTo(IcmpEvidence.NONE);
        }
    }

    @ParameterizedTest
    @EnumSource(IcmpEvidence.class)
    void codesStandForOneMeaningEach(IcmpEvidence evidence) {
        assertThat(evidence.code()).isBetween(0, 15);
        assertThat(IcmpEvidence.ofCode(evidence.code())).isSameAs(evidence);
    }

    @Test
    void aPacketThatWasTooBigOrWentTooFarDoesNotMakeItsDestinationUnreachable() {
        assertThat(IcmpEvidence.values())
                .filteredOn(IcmpEvidence::isUnreachable)
                .extracting(IcmpEvidence::code)
                .containsExactly(1, 2, 3, 4, 5);
    }
}
