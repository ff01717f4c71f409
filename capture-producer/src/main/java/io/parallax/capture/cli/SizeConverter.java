package io.parallax.capture.cli;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** {@code 512KiB}, {@code 64MiB}, {@code 4GiB}, or plain octets, to octets. */
public final class SizeConverter implements ITypeConverter<Long> {

    private static final Pattern FORM = Pattern.compile("(\\d{1,12})(KiB|MiB|GiB)?");

    @Override
    public Long convert(String argument) {
        Matcher matcher = FORM.matcher(argument);
        if (!matcher.matches()) {
            throw new TypeConversionException("'" + argument
                    + "' is not a size; allowed is a whole number with KiB, MiB, GiB or nothing behind it");
        }
        long amount = Long.parseLong(matcher.group(1));
        String unit = matcher.group(2) == null ? "" : matcher.group(2);
        return switch (unit) {
            case "KiB" -> amount << 10;
            case "MiB" -> amount << 20;
            case "GiB" -> amount << 30;
            default -> amount;
        };
    }
}
