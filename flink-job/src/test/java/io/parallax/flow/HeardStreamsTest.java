package io.parallax.flow;

import static org.assertj.core.api.Assertions.assertThat;

import io.parallax.model.SensorEvent;
import io.parallax.model.SensorEvent.Kind;
import io.parallax.model.StreamName;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Two streams; times are seconds. */
final class HeardStreamsTest {

    private static final long SECOND = 1_000_000_000L;
    private static final long HOUR = 3_600;

    private final HeardStreams streams = new HeardStreams(10 * SECOND);
    private final HeardStream one = streams.of(new StreamName("capvm1", "eth0"), 0);
    private final HeardStream two = streams.of(new StreamName("capvm2", "eth0"), 0);
    private final List<SensorEvent> events = new ArrayList<>();

    @Test
    void aStreamThatIsNotHeardIsSilentOnceAndHeardAgainOnce() {
        hear(one, 100, 100);
        hear(two, 100, 100);
        tick(HeardStreams.TICKS_OF_SILENCE);
        assertThat(events).isEmpty();
        hear(two, 110, 110);
        tick(5);
        assertThat(events).containsExactly(event("capvm1", Kind.SILENT, 100, 0));
        assertThat(streams.silent()).isEqualTo(1);
        hear(one, 111, 111);
        hear(one, 112, 112);
        assertThat(events).hasSize(2).endsWith(event("capvm1", Kind.HEARD, 111, 0));
        assertThat(streams.silent()).isZero();
    }

    @Test
    void aStreamThatHasEndedIsNotSilent() {
        streams.hear(one, 0, 0, 0, 0, true, events::add);
        tick(100);
        assertThat(events).isEmpty();
    }

    @Test
    void aStreamThatAnotherInstanceReadsIsNotSilent() {
        HeardStreams restored = new HeardStreams(10 * SECOND);
        hear(one, 100, 100);
        restored.restore(one);
        for (int i = 0; i < 100; i++) {
            restored.tick(events::add);
        }
        assertThat(events).isEmpty();
    }

    @Test
    void aWrongClockIsToldAndThatItIsRightAgain() {
        hear(one, 100, 100 + 2 * HOUR);
        hear(one, 101, 101 + 2 * HOUR);
        assertThat(events).containsExactly(event("capvm1", Kind.CLOCK_SKEWED, 100, -2 * HOUR));
        assertThat(streams.skewed()).isEqualTo(1);
        assertThat(streams.worstOffsetNanos()).isEqualTo(2 * HOUR * SECOND);
        hear(one, 102, 102);
        assertThat(events).hasSize(2).endsWith(event("capvm1", Kind.CLOCK_RIGHT, 102, 0));
        assertThat(streams.skewed()).isZero();
    }

    @Test
    void anotherCorrectionIsToldToo() {
        hear(one, 100, 100 + HOUR);
        hear(one, 101, 101 + 2 * HOUR);
        assertThat(events)
                .containsExactly(
                        event("capvm1", Kind.CLOCK_SKEWED, 100, -HOUR),
                        event("capvm1", Kind.CLOCK_SKEWED, 101, -2 * HOUR));
    }

    /** Instances store what they restored along with what they read. */
    @Test
    void ofWhatSeveralInstancesKnowTheOneThatHeardMoreIsRight() {
        HeardStreams stale = new HeardStreams(10 * SECOND);
        hear(one, 100, 100 + HOUR);
        stale.restore(one);
        hear(one, 101, 101);
        for (boolean staleFirst : new boolean[] {true, false}) {
            HeardStreams restored = new HeardStreams(10 * SECOND);
            HeardStream old = stale.of(one.name, 0);
            restored.restore(staleFirst ? old : one);
            restored.restore(staleFirst ? one : old);
            assertThat(restored.of(one.name, 0).clock.isSkewed()).isFalse();
            assertThat(restored.of(one.name, 0).records).isEqualTo(2);
        }
    }

    private void tick(int ticks) {
        for (int i = 0; i < ticks; i++) {
            streams.tick(events::add);
        }
    }

    private void hear(HeardStream stream, long appended, long sentAt) {
        streams.hear(stream, appended * 1_000, sentAt * SECOND, sentAt * SECOND, sentAt * SECOND, false, events::add);
    }

    private static SensorEvent event(String sensor, Kind kind, long time, long offset) {
        return new SensorEvent(sensor, "eth0", 0, kind, time * SECOND, offset * SECOND);
    }
}
