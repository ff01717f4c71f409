package io.parallax.capture.nic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class NicOptionsTest {

    @Test
    void defaultsKeepHeadersOnlyAndSeeTheTrafficOfOthers() {
        assertThat(NicOptions.DEFAULT).isEqualTo(new NicOptions(128, 67_108_864, true, false, Duration.ofMillis(10)));
    }

    @Test
    void aValueOutOfRangeIsNamedWithWhatIsAllowed() {
        assertThatThrownBy(() -> NicOptions.DEFAULT.withSnapLength(20))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("snap length is 20 octets; allowed are 64 to 262144");
        assertThatThrownBy(() -> NicOptions.DEFAULT.withBufferOctets(1))
                .hasMessage("kernel buffer is 1 octets; allowed are 131072 to 2147483647");
        assertThatThrownBy(() -> new NicOptions(128, 131_072, true, false, Duration.ofMinutes(1)))
                .hasMessage("read timeout is 60000 ms; allowed are 1 to 1000");
    }
}
