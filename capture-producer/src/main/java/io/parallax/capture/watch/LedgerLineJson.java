package io.parallax.capture.watch;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.io.StringWriter;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** A ledger row as one line of JSON, named as in the schema of topic capture-ledger. */
final class LedgerLineJson {

    private static final JsonFactory JSON = new JsonFactory();

    private LedgerLineJson() {}

    /** The line, without its end. */
    static String of(LedgerLine line) throws IOException {
        StringWriter text = new StringWriter();
        try (JsonGenerator json = JSON.createGenerator(text)) {
            json.writeStartObject();
            json.writeStringField("sensor_id", line.sensor());
            json.writeStringField("interface_name", line.interfaceName());
            json.writeNumberField("lane", line.lane());
            json.writeNumberField("boot_epoch", line.bootEpochMillis());
            json.writeNumberField("interval_start", line.second());
            json.writeNumberField("interval_seconds", line.seconds());
            json.writeStringField("row_kind", line.rowKind());
            number(json, "interface_frames", line.interfaceFrames());
            number(json, "kernel_dropped", line.kernelDropped());
            number(json, "kernel_waiting", line.kernelWaiting());
            number(json, "lost", line.lost());
            counts(json, "filtered_by_cause", line.filteredByCause());
            json.writeNumberField("frames", line.frames());
            json.writeNumberField("octets", line.octets());
            counts(json, "outcomes", line.outcomes());
            json.writeNumberField("published", line.published());
            json.writeNumberField("published_ip", line.publishedIp());
            counts(json, "shed_by_cause", line.shedByCause());
            json.writeNumberField("sampling_probability", line.samplingProbability());
            sessions(json, line);
            if (!line.note().isEmpty()) {
                json.writeStringField("note", line.note());
            }
            json.writeEndObject();
        }
        return text.toString();
    }

    private static void sessions(JsonGenerator json, LedgerLine line) throws IOException {
        json.writeArrayFieldStart("mirror_sessions");
        for (MirrorSession session : line.mirrorSessions()) {
            json.writeStartObject();
            json.writeStringField("source_address", session.source());
            json.writeStringField("encapsulation", session.encapsulation());
            json.writeNumberField("session", session.session());
            json.writeStringField("direction", session.direction());
            json.writeNumberField("frames", session.frames());
            number(json, "lost", session.lost());
            json.writeBooleanField("lost_is_estimate", session.isEstimate());
            json.writeEndObject();
        }
        json.writeEndArray();
    }

    private static void number(JsonGenerator json, String name, @Nullable Long value) throws IOException {
        if (value == null) {
            json.writeNullField(name);
        } else {
            json.writeNumberField(name, value);
        }
    }

    /** In the order of names, so that lines can be compared. */
    private static void counts(JsonGenerator json, String name, Map<String, Long> counts) throws IOException {
        json.writeObjectFieldStart(name);
        for (Map.Entry<String, Long> each : new TreeMap<>(counts).entrySet()) {
            json.writeNumberField(each.getKey(), each.getValue());
        }
        json.writeEndObject();
    }
}
