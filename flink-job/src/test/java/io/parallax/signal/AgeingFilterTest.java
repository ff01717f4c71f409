package io.parallax.signal;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class AgeingFilterTest {

    private static final long DAY_NANOS = TimeUnit.DAYS.toNanos(1);

    private final AgeingFilter filter = new AgeingFilter();

    @Test
    void theLatestAreKnownHoweverManyCome() {
        for (int host = 0; host < 5_000; host++) {
            filter.put(print(host), host);
            assertThat(filter.isKnown(print(Math.max(0, host - AgeingFilter.CAPACITY / 2))))
                    .isTrue();
        }
    }

    @Test
    void whatIsNewSeldomSeemsToBeKnown() {
        put(0, 50);
        assertThat(falselyKnown()).isLessThan(20);
        put(50, 1_000);
        assertThat(falselyKnown()).as("of 10,000, at worst").isLessThan(1_600);
    }

    private long falselyKnown() {
        long known = 0;
        for (int host = 100_000; host < 110_000; host++) {
            known += filter.isKnown(print(host)) ? 1 : 0;
        }
        return known;
    }

    @Test
    void whatWasNotMetForTwoGenerationsIsForgotten() {
        filter.put(print(1), 0);
        filter.put(print(2), 7 * DAY_NANOS);
        filter.put(print(2), 9 * DAY_NANOS);
        assertThat(filter.isKnown(print(1))).as("met last week").isTrue();
        filter.put(print(3), 18 * DAY_NANOS);
        assertThat(filter.isKnown(print(1))).isFalse();
        assertThat(filter.isKnown(print(2))).isTrue();
    }

    @Test
    void whatIsWrittenIsReadAlike() throws IOException {
        put(0, 300);
        ByteArrayOutputStream octets = new ByteArrayOutputStream();
        filter.writeTo(new DataOutputStream(octets));
        assertThat(octets.size()).isLessThanOrEqualTo(266);
        AgeingFilter read = AgeingFilter.readFrom(new DataInputStream(new ByteArrayInputStream(octets.toByteArray())));
        for (int host = 0; host < 1_000; host++) {
            assertThat(read.isKnown(print(host))).isEqualTo(filter.isKnown(print(host)));
        }
        assertThat(read.count()).isEqualTo(filter.count()).isBetween(200L, 400L);
    }

    private void put(int first, int end) {
        for (int host = first; host < end; host++) {
            filter.put(print(host), host);
        }
    }

    private static int print(int host) {
        return Endpoints.of("10.0.0." + host, 6, 22);
    }
}
