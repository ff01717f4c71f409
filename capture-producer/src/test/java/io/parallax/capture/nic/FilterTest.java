package io.parallax.capture.nic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import org.junit.jupiter.api.Test;
import org.pcap4j.core.Pcaps;

class FilterTest {

    @Test
    void isCheckedWithoutAnInterface() {
        assumeLibpcap();
        assertThatCode(() -> Nic.checkFilter("not (host 10.0.0.1 and tcp port 9092)"))
                .doesNotThrowAnyException();
    }

    @Test
    void whatIsWrongIsNamedAndWhere() {
        assumeLibpcap();
        assertThatThrownBy(() -> Nic.checkFilter("tcp port 80 and prot 90"))
                .isInstanceOf(NicException.class)
                .hasMessageContaining("filter 'tcp port 80 and prot 90'")
                .hasMessageContaining("unknown port 'prot'")
                .hasMessageContaining("understood as far as 'tcp port 80', not from 'and prot 90'");
        assertThatThrownBy(() -> Nic.checkFilter("tcp and and"))
                .hasMessageContaining("syntax error")
                .hasMessageContaining("understood as far as 'tcp', not from 'and and'");
        assertThatThrownBy(() -> Nic.checkFilter("nonsense")).hasMessageContaining("nothing of it is understood");
    }

    private static void assumeLibpcap() {
        try {
            assertThat(Pcaps.libVersion()).startsWith("libpcap");
        } catch (LinkageError e) {
            assumeTrue(
                    false,
                    "skipped: filters are compiled by libpcap, which can't be loaded; apt-get install libpcap0.8");
        }
    }
}
