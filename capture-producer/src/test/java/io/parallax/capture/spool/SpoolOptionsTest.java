package io.parallax.capture.spool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class SpoolOptionsTest {

    private static final Path FOLDER = Path.of("spool");

    @Test
    void defaults() {
        assertThat(SpoolOptions.in(FOLDER))
                .isEqualTo(new SpoolOptions(FOLDER, 4L << 30, 64 << 20, Fsync.INTERVAL, Duration.ofSeconds(1)));
    }

    @Test
    void saysWhatIsAllowed() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new SpoolOptions(FOLDER, 1 << 20, 100, Fsync.NEVER, Duration.ofSeconds(1)))
                .withMessage("spool segment is 100 octets, allowed is 1024 to 1073741824");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new SpoolOptions(FOLDER, 2047, 1024, Fsync.NEVER, Duration.ofSeconds(1)))
                .withMessage("spool cap is 2047 octets, allowed is 2048 (2 segments) or more");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new SpoolOptions(FOLDER, 1 << 20, 1024, Fsync.INTERVAL, Duration.ZERO))
                .withMessage("spool fsync interval is 0 ms, allowed is 1 ms to 1 h");
    }
}
