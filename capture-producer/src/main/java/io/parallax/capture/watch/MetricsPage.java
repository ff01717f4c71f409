package io.parallax.capture.watch;

import io.parallax.capture.watch.CaptureMetric.Kind;
import io.parallax.capture.watch.CaptureMetric.Sample;
import io.prometheus.metrics.config.EscapingScheme;
import io.prometheus.metrics.expositionformats.ExpositionFormatWriter;
import io.prometheus.metrics.expositionformats.OpenMetricsTextFormatWriter;
import io.prometheus.metrics.expositionformats.PrometheusTextFormatWriter;
import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import io.prometheus.metrics.model.snapshots.CounterSnapshot.CounterDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot.GaugeDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** A snapshot in the text format that the scraper asks for. */
@SuppressWarnings("ArrayRecordComponent") // never compared
record MetricsPage(String contentType, byte[] octets) {

    private static final ExpositionFormatWriter OPEN_METRICS = OpenMetricsTextFormatWriter.create();
    private static final ExpositionFormatWriter PROMETHEUS_TEXT = PrometheusTextFormatWriter.create();

    /** @param accept the request's header; OpenMetrics if it names that, else Prometheus text 0.0.4 */
    static MetricsPage of(CaptureStatus status, String accept) throws IOException {
        ExpositionFormatWriter writer = OPEN_METRICS.accepts(accept) ? OPEN_METRICS : PROMETHEUS_TEXT;
        ByteArrayOutputStream octets = new ByteArrayOutputStream();
        List<MetricSnapshot> families = new ArrayList<>();
        for (CaptureMetric metric : CaptureMetric.ALL) {
            families.add(family(metric, status));
        }
        writer.write(octets, new MetricSnapshots(families), EscapingScheme.UNDERSCORE_ESCAPING);
        return new MetricsPage(writer.getContentType(), octets.toByteArray());
    }

    private static MetricSnapshot family(CaptureMetric metric, CaptureStatus status) {
        List<Sample> samples = metric.read(status);
        if (metric.kind() == Kind.GAUGE) {
            GaugeSnapshot.Builder gauge =
                    GaugeSnapshot.builder().name(metric.familyName()).help(metric.meaning());
            samples.forEach(sample -> gauge.dataPoint(GaugeDataPointSnapshot.builder()
                    .labels(labels(metric, status, sample))
                    .value(sample.value())
                    .build()));
            return gauge.build();
        }
        CounterSnapshot.Builder counter =
                CounterSnapshot.builder().name(metric.familyName()).help(metric.meaning());
        samples.forEach(sample -> counter.dataPoint(CounterDataPointSnapshot.builder()
                .labels(labels(metric, status, sample))
                .value(sample.value())
                .build()));
        return counter.build();
    }

    private static Labels labels(CaptureMetric metric, CaptureStatus status, Sample sample) {
        Labels.Builder labels = Labels.builder().label("sensor", status.sensor());
        for (int i = 0; i < metric.labels().size(); i++) {
            labels.label(metric.labels().get(i), sample.labels().get(i));
        }
        return labels.build();
    }
}
