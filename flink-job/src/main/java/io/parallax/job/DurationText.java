package io.parallax.job;

import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads durations as people write them: {@code 200ms}, {@code 10s}, {@code 5m}, {@code 2h}. */
public final class DurationText implements ITypeConverter<Duration> {

    private static final Pattern SHORT_FORM = Pattern.compile("(\\d{1,12})(ms|s|m|h)");

    @Override
    public Duration convert(String text) {
        Matcher parts = SHORT_FORM.matcher(text);
        if (parts.matches()) {
            long number = Long.parseLong(parts.group(1));
            return switch (parts.group(2)) {
                case "ms" -> Duration.ofMillis(number);
                case "s" -> Duration.ofSeconds(number);
                case "m" -> Duration.ofMinutes(number);
                default -> Duration.ofHours(number);
            };
        }
        throw new TypeConversionException(
                "'%s' is no duration; allowed: a whole number with ms, s, m or h, such as 10s".formatted(text));
    }
}
