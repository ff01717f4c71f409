package io.parallax.capture.watch;

import static io.parallax.capture.watch.Snapshots.NOON;
import static io.parallax.capture.watch.Snapshots.lane;
import static io.parallax.capture.watch.Snapshots.status;
import static io.parallax.capture.watch.Snapshots.totals;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class StatusServerTest {

    private final HttpClient client = HttpClient.newHttpClient();
    private volatile CaptureStatus status = status(lane(totals()));
    private StatusServer server;

    @BeforeEach
    void start() throws IOException {
        server = StatusServer.start(StatusServer.loopback(0), () -> status);
    }

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    void metricsAreScrapedAsPrometheusText() throws Exception {
        HttpResponse<String> answer = get("/metrics");

        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.headers().firstValue("Content-Type"))
                .hasValueSatisfying(type -> assertThat(type).startsWith("text/plain; version=0.0.4"));
        assertThat(answer.body())
                .contains("# TYPE parallax_capture_frames_total counter")
                .contains(
                        "parallax_capture_frames_total{interface=\"eth1\",outcome=\"decoded\",sensor=\"capvm1\"} 950.0")
                .contains("parallax_capture_kernel_dropped_frames_total{interface=\"eth1\",sensor=\"capvm1\"} 10.0")
                .contains("parallax_capture_filtered_frames_total{cause=\"kernel_filter\",interface=\"eth1\"")
                .contains("parallax_capture_lane_state{interface=\"eth1\",sensor=\"capvm1\",state=\"open\"} 1.0")
                .contains("parallax_capture_broker_connected{sensor=\"capvm1\"} 1.0");
    }

    @Test
    void metricsAreScrapedAsOpenMetricsByWhoAsksForIt() throws Exception {
        HttpResponse<String> answer = client.send(
                request("/metrics")
                        .header("Accept", "application/openmetrics-text; version=1.0.0")
                        .build(),
                BodyHandlers.ofString());

        assertThat(answer.body())
                .contains("# TYPE parallax_capture_frames counter")
                .endsWith("# EOF\n");
    }

    @Test
    void countersAbove32BitsAreExact() throws Exception {
        long frames = (1L << 40) + 1;
        status = status(lane(totals(frames, frames, 0, Map.of("decoded", frames))));

        String line = get("/metrics")
                .body()
                .lines()
                .filter(each -> each.startsWith("parallax_capture_frames_total{"))
                .findFirst()
                .orElseThrow();
        assertThat(Double.parseDouble(line.substring(line.lastIndexOf(' ')))).isEqualTo((double) frames);
    }

    @Test
    void whileAllIsWellHealthIs200() throws Exception {
        HttpResponse<String> answer = get("/health");

        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.body()).contains("\"healthy\" : true").contains("\"problems\" : [ ]");
    }

    @Test
    void whatIsWrongMakesHealth503AndSaysSinceWhenAndWhatToDo() throws Exception {
        status = status.withProblems(
                List.of(new Problem("broker-away", "delivery", NOON, "no \"broker\"\nanswers\u0001", "look at it")));

        HttpResponse<String> answer = get("/health");

        assertThat(answer.statusCode()).isEqualTo(503);
        assertThat(answer.body())
                .contains("\"since\" : \"2026-03-01T12:00:00Z\"")
                .contains("no \\\"broker\\\"\\nanswers\\u0001")
                .contains("\"remedy\" : \"look at it\"");
        assertThat(get("/metrics").body())
                .contains(
                        "parallax_capture_problem{problem=\"broker-away\",sensor=\"capvm1\",subject=\"delivery\"} 1.0");
    }

    @Test
    void theIndexNamesTheOtherPagesAndNothingElseIsThere() throws Exception {
        assertThat(get("/").body()).contains("capvm1").contains("/health").contains("/metrics");
        assertThat(get("/metrics/more").statusCode()).isEqualTo(404);
        HttpResponse<String> posted = client.send(
                request("/health").POST(BodyPublishers.ofString("x")).build(), BodyHandlers.ofString());
        assertThat(posted.statusCode()).isEqualTo(405);
        HttpResponse<String> head = client.send(
                request("/health").method("HEAD", BodyPublishers.noBody()).build(), BodyHandlers.ofString());
        assertThat(head.statusCode()).isEqualTo(200);
        assertThat(head.body()).isEmpty();
    }

    @Test
    void aStatusThatFailsIs500AndTheServerLives() throws Exception {
        try (StatusServer failing = StatusServer.start(StatusServer.loopback(0), () -> {
            throw new IllegalStateException("not yet");
        })) {
            HttpRequest request = HttpRequest.newBuilder(
                            URI.create("http://127.0.0.1:" + failing.address().getPort() + "/health"))
                    .build();
            assertThat(client.send(request, BodyHandlers.ofString()).statusCode())
                    .isEqualTo(500);
            assertThat(client.send(request, BodyHandlers.ofString()).body()).contains("not yet");
        }
    }

    @Test
    void anAddressThatIsTakenIsNamed() {
        assertThatThrownBy(() -> StatusServer.start(server.address(), () -> status))
                .isInstanceOf(IOException.class)
                .hasMessageContaining(String.valueOf(server.address().getPort()));
    }

    private HttpResponse<String> get(String path) throws IOException, InterruptedException {
        return client.send(request(path).build(), BodyHandlers.ofString());
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(
                URI.create("http://127.0.0.1:" + server.address().getPort() + path));
    }
}
