package io.parallax.flow;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class LifetimeTest {

    private static final int TCP = 6;
    private static final int SYN = ControlBits.marked(ControlBits.SYN);
    private static final int SYN_ACK = ControlBits.marked(ControlBits.SYN | ControlBits.ACK);
    private static final int ACK = ControlBits.ACK;
    private static final int FIN = ControlBits.FIN | ControlBits.ACK;
    private static final int RST = ControlBits.RST;

    @ParameterizedTest
    @CsvSource({"6, 300", "132, 300", "17, 60", "1, 30", "58, 30", "47, 60", "50, 60", "0, 60"})
    void aProtocolHasItsIdleTimeout(int protocol, int seconds) {
        assertThat(seconds(protocol, ACK, ACK)).isEqualTo(seconds);
    }

    @Test
    void aResetConnectionEndsAfterFiveSeconds() {
        assertThat(seconds(TCP, ACK | RST, ACK)).isEqualTo(5);
        assertThat(seconds(TCP, ACK, ACK | RST)).isEqualTo(5);
    }

    @Test
    void aConnectionThatBothEndsClosedEndsAfterFiveSeconds() {
        assertThat(seconds(TCP, ACK | FIN, ACK | FIN)).isEqualTo(5);
    }

    @Test
    void aHalfClosedConnectionLivesOn() {
        assertThat(seconds(TCP, ACK | FIN, ACK)).isEqualTo(300);
        assertThat(seconds(TCP, ACK, ACK | FIN)).isEqualTo(300);
    }

    @Test
    void anUnansweredSynEndsAfterFiveSeconds() {
        assertThat(seconds(TCP, SYN, 0)).isEqualTo(5);
        assertThat(seconds(TCP, 0, SYN)).isEqualTo(5);
        assertThat(seconds(TCP, SYN | ControlBits.ECE | ControlBits.CWR, 0))
                .as("with ECN setup, RFC 3168 section 6.1.1")
                .isEqualTo(5);
    }

    @Test
    void anAnsweredSynIsNotHalfOpen() {
        assertThat(seconds(TCP, SYN, SYN_ACK)).isEqualTo(300);
        assertThat(seconds(TCP, SYN, ACK)).isEqualTo(300);
        assertThat(seconds(TCP, SYN | ACK, 0)).as("seen from one side only").isEqualTo(300);
    }

    /** Bits of other protocols mean nothing. */
    @Test
    void onlyTcpIsClosed() {
        assertThat(seconds(17, RST, FIN)).isEqualTo(60);
    }

    private static long seconds(int protocol, int aBits, int bBits) {
        return TimeUnit.NANOSECONDS.toSeconds(Lifetime.timeoutNanos((long) protocol << 32, aBits, bBits));
    }
}
