package io.parallax.capture.watch;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.io.StringWriter;

/** What /health answers: {@code healthy}, {@code sensor}, {@code started} and {@code problems}. */
final class HealthJson {

    private static final JsonFactory JSON = new JsonFactory();

    private HealthJson() {}

    static String of(CaptureStatus status) throws IOException {
        StringWriter text = new StringWriter();
        try (JsonGenerator json = JSON.createGenerator(text).useDefaultPrettyPrinter()) {
            json.writeStartObject();
            json.writeBooleanField("healthy", status.problems().isEmpty());
            json.writeStringField("sensor", status.sensor());
            json.writeStringField("started", status.started().toString());
            json.writeArrayFieldStart("problems");
            for (Problem problem : status.problems()) {
                json.writeStartObject();
                json.writeStringField("problem", problem.name());
                json.writeStringField("subject", problem.subject());
                json.writeStringField("since", problem.since().toString());
                json.writeStringField("what", problem.what());
                json.writeStringField("remedy", problem.remedy());
                json.writeEndObject();
            }
            json.writeEndArray();
            json.writeEndObject();
        }
        return text + "\n";
    }
}
