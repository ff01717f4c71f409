package io.parallax.capture.cli;

import io.parallax.capture.source.CaptureFile;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Command line argument to {@link CaptureFile}. */
public final class CaptureFileConverter implements ITypeConverter<CaptureFile> {

    @Override
    public CaptureFile convert(String argument) {
        try {
            return CaptureFile.parse(argument);
        } catch (IllegalArgumentException e) {
            throw new TypeConversionException(String.valueOf(e.getMessage()));
        }
    }
}
