package io.parallax.capture.inspect;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import io.parallax.wire.Addresses;
import java.io.IOException;
import java.io.StringWriter;
import java.util.Map;

/** An inspection as one line of JSON: {@code file}, {@code frames}, {@code outcomes} and {@code flows}. */
public final class InspectionJson {

    private static final JsonFactory JSON = new JsonFactory();

    private InspectionJson() {}

    /** The line, without its end. */
    public static String of(String file, Inspection inspection) throws IOException {
        StringWriter line = new StringWriter();
        try (JsonGenerator json = JSON.createGenerator(line)) {
            json.writeStartObject();
            json.writeStringField("file", file);
            json.writeNumberField("frames", inspection.tally().frames());
            json.writeNumberField("octets", inspection.tally().octets());
            json.writeObjectFieldStart("outcomes");
            for (Map.Entry<String, Long> outcome : inspection.tally().outcomes().entrySet()) {
                json.writeNumberField(outcome.getKey(), outcome.getValue());
            }
            json.writeEndObject();
            json.writeArrayFieldStart("flows");
            for (Map.Entry<FlowKey, FlowCount> flow : inspection.flows().entrySet()) {
                writeFlow(json, flow.getKey(), flow.getValue());
            }
            json.writeEndArray();
            json.writeEndObject();
        }
        return line.toString();
    }

    private static void writeFlow(JsonGenerator json, FlowKey key, FlowCount count) throws IOException {
        json.writeStartObject();
        json.writeNumberField("protocol", key.protocol());
        json.writeStringField("a", Addresses.ip(key.family(), key.aHigh(), key.aLow()));
        writePort(json, "a_port", key.aPort(), key.portsKnown());
        json.writeStringField("b", Addresses.ip(key.family(), key.bHigh(), key.bLow()));
        writePort(json, "b_port", key.bPort(), key.portsKnown());
        json.writeNumberField("packets_ab", count.packetsAb);
        json.writeNumberField("octets_ab", count.octetsAb);
        json.writeNumberField("packets_ba", count.packetsBa);
        json.writeNumberField("octets_ba", count.octetsBa);
        if (key.portsKnown()) {
            json.writeStringField("community_id", key.communityId());
        } else {
            json.writeNullField("community_id");
        }
        json.writeEndObject();
    }

    private static void writePort(JsonGenerator json, String name, int port, boolean known) throws IOException {
        if (known) {
            json.writeNumberField(name, port);
        } else {
            json.writeNullField(name);
        }
    }
}
