package io.parallax.wire;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import org.apache.avro.Schema;

/**
 * Every schema version that ever left this repository: resources {@code published/NAME/vN.avsc}, N from 1 without gaps.
 * They are never edited; a change of a schema adds the next N, and a test holds it compatible with all before.
 */
public final class PublishedSchemas {

    private PublishedSchemas() {}

    /** Versions of the record type of that simple name, oldest first; empty for an unknown name. */
    public static List<Schema> of(String recordName) {
        List<Schema> versions = new ArrayList<>();
        for (int version = 1; ; version++) {
            String resource = "/published/%s/v%d.avsc".formatted(recordName, version);
            try (InputStream text = PublishedSchemas.class.getResourceAsStream(resource)) {
                if (text == null) {
                    return versions;
                }
                versions.add(new Schema.Parser().parse(text));
            } catch (IOException e) {
                throw new UncheckedIOException(resource, e);
            }
        }
    }
}
