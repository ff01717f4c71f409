package io.parallax.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine.TypeConversionException;

final class DurationTextTest {

    @ParameterizedTest
    @CsvSource({"200ms, PT0.2S", "10s, PT10S", "5m, PT5M", "2h, PT2H", "0s, PT0S", "999999999999h, PT999999999999H"})
    void isReadAsPeopleWriteIt(String text, Duration expected) {
        assertThat(new DurationText().convert(text)).isEqualTo(expected);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "10", "s", "10 s", "-5s", "1.5s", "10S", "10d", "10sec", "1h30m", "PT10S", "1000000000000s"})
    void isRefusedWithWhatIsAllowed(String text) {
        assertThatThrownBy(() -> new DurationText().convert(text))
                .isInstanceOf(TypeConversionException.class)
                .hasMessage(
                        "'%s' is no duration; allowed: a whole number with ms, s, m or h, such as 10s".formatted(text));
    }
}
