package io.parallax.capture.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CaptureFileTest {

    @ParameterizedTest
    @CsvSource({
        "capvm1.cap0.pcap, capvm1, cap0",
        "dir.with.dots/capvm1.cap0.pcapng, capvm1, cap0",
        "rack.7.cap0.pcap, rack.7, cap0",
        "foo.pcap, foo, 0",
        "foo, foo, 0",
        "foo.cap, foo, 0",
        "a.b.trace, a, b",
        ".hidden.pcap, .hidden, 0",
        "foo..pcap, foo., 0",
    })
    void theNameOfAFileSaysItsSensorAndInterface(String name, String sensor, String interfaceName) {
        assertThat(CaptureFile.parse(name)).isEqualTo(new CaptureFile(Path.of(name), sensor, interfaceName));
    }

    @ParameterizedTest
    @CsvSource({
        "capvm1:eth0=x.pcap, x.pcap, capvm1, eth0",
        "capvm1:eth0.100=/a/b=c.pcap, /a/b=c.pcap, capvm1, eth0.100",
    })
    void anArgumentMaySayItInstead(String argument, Path path, String sensor, String interfaceName) {
        assertThat(CaptureFile.parse(argument)).isEqualTo(new CaptureFile(path, sensor, interfaceName));
    }

    @ParameterizedTest
    @ValueSource(strings = {"./a:b=c.pcap", "/data/2020-01-01T10:00=x/y.pcap", "a=b:c.pcap"})
    void aPathWithColonAndEqualsSignIsStillAPath(String argument) {
        assertThat(CaptureFile.parse(argument).path()).isEqualTo(Path.of(argument));
    }

    @ParameterizedTest
    @ValueSource(strings = {":eth0=x.pcap", "vm:=x.pcap", "vm:eth0="})
    void anEmptyPartIsRefused(String argument) {
        assertThatThrownBy(() -> CaptureFile.parse(argument))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(argument)
                .hasMessageContaining("SENSOR:INTERFACE=FILE");
    }
}
