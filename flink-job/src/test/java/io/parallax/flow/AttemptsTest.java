package io.parallax.flow;

import static org.assertj.core.api.Assertions.assertThat;

import io.parallax.flow.Traffic.Seen;
import io.parallax.model.FlowStep;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Steps: KIND source:port>destination:port @seconds. Windows of 10 s. */
class AttemptsTest {

    private static final MeterSettings SETTINGS = new MeterSettings(Traffic.nanos(10), Traffic.nanos(60));

    private static final int SYN = 0x02;
    private static final int SYN_ACK = 0x12;
    private static final int ACK = 0x10;
    private static final int RST = 0x04;
    private static final int RST_ACK = 0x14;

    private FlowTable table = new FlowTable(SETTINGS);
    private final List<String> steps = new ArrayList<>();

    @Test
    void aConnectionOpensIsAnsweredAndEstablished() {
        fold(client(1, SYN), server(1.1, SYN_ACK), client(1.2, ACK));
        tell(1.05);
        assertThat(steps).containsExactly("OPENED 1:5000>2:80 @1.0");
        tell(1.5);
        assertThat(steps).hasSize(2).last().isEqualTo("ANSWERED 1:5000>2:80 @1.1");
        tell(2.5);
        assertThat(steps).hasSize(3).last().isEqualTo("ESTABLISHED 1:5000>2:80 @2.0");
        assertThat(table.isUntold()).isFalse();
        tell(100);
        assertThat(steps).hasSize(3);
    }

    @Test
    void whatCameBeforeTheStreamsHavePassedItWaits() {
        fold(client(5, SYN));
        tell(4.9);
        assertThat(steps).isEmpty();
        assertThat(table.isUntold()).isTrue();
        tell(5.1);
        assertThat(steps).hasSize(1);
    }

    @Test
    void aResetIsARefusal() {
        fold(client(1, SYN), server(1.1, RST_ACK));
        tell(3);
        assertThat(steps).containsExactly("OPENED 1:5000>2:80 @1.0", "REFUSED 1:5000>2:80 @1.1");
    }

    @Test
    void aSynScanLeavesAnOpenPortHalfOpen() {
        fold(client(1, SYN), server(1.1, SYN_ACK), client(1.2, RST));
        tell(3);
        assertThat(steps)
                .containsExactly("OPENED 1:5000>2:80 @1.0", "ANSWERED 1:5000>2:80 @1.1", "HALF_OPEN 1:5000>2:80 @2.0");
    }

    @Test
    void patienceEndsAfterASecondWhateverWasReadByThen() {
        fold(client(1, SYN), server(2.5, SYN_ACK), client(2.6, ACK));
        tell(9);
        assertThat(steps).containsExactly("OPENED 1:5000>2:80 @1.0", "UNANSWERED 1:5000>2:80 @2.0");
    }

    @Test
    void tcpWhoseBeginningWasNotSeenIsNoAttempt() {
        fold(server(1, ACK), client(1.1, ACK));
        tell(9);
        assertThat(steps).containsExactly("CONTINUED 1:5000>2:80 @1.0");
    }

    @Test
    void datagramsAreAnsweredOrNot() {
        fold(
                Traffic.udp("a", 1, 1, 5000, 2, 53, 60),
                Traffic.udp("a", 1.2, 2, 53, 1, 5000, 60),
                Traffic.udp("a", 1, 1, 5001, 3, 514, 60));
        tell(9);
        assertThat(steps)
                .containsExactlyInAnyOrder(
                        "OPENED 1:5000>2:53 @1.0",
                        "ANSWERED 1:5000>2:53 @1.2",
                        "OPENED 1:5001>3:514 @1.0",
                        "UNANSWERED 1:5001>3:514 @2.0");
    }

    @Test
    void copiesAreOneFlowAndTheEarliestTellsWhen() {
        Seen syn = client(1, SYN);
        fold(syn.at("b", 0, 63, 20_000_000), syn, syn.at("c", 0, 62, 40_000_000));
        tell(9);
        assertThat(steps).containsExactly("OPENED 1:5000>2:80 @1.0", "UNANSWERED 1:5000>2:80 @2.0");
    }

    @Test
    void aTableThatWasWrittenAndReadTellsTheRestOnce() throws IOException {
        fold(client(1, SYN));
        tell(1.5);
        ByteArrayOutputStream octets = new ByteArrayOutputStream();
        table.writeTo(new DataOutputStream(octets));
        table = FlowTable.readFrom(new DataInputStream(new ByteArrayInputStream(octets.toByteArray())));
        assertThat(table.isUntold()).isTrue();
        fold(server(1.6, SYN_ACK), client(1.7, ACK));
        tell(9);
        assertThat(steps)
                .containsExactly(
                        "OPENED 1:5000>2:80 @1.0", "ANSWERED 1:5000>2:80 @1.6", "ESTABLISHED 1:5000>2:80 @2.0");
        assertThat(table.copy().isUntold()).isFalse();
    }

    @Test
    void stepsBearTheFlowIdThatRowsBear() {
        fold(client(11, SYN));
        List<String> ids = new ArrayList<>();
        table.tell(Traffic.nanos(19), Long.MIN_VALUE, step -> ids.add(step.flowId));
        table.advance(Traffic.nanos(20), Traffic.nanos(20), row -> ids.add(row.flowId));
        assertThat(ids).hasSize(3);
        assertThat(ids.stream().distinct()).hasSize(1);
    }

    private static Seen client(double seconds, int bits) {
        return Traffic.tcp("a", seconds, 1, 5000, 2, 80, 40, bits);
    }

    private static Seen server(double seconds, int bits) {
        return Traffic.tcp("a", seconds, 2, 80, 1, 5000, 40, bits);
    }

    private void fold(Seen... packets) {
        table.fold(Traffic.block(List.of(packets)));
    }

    private void tell(double seconds) {
        table.tell(Traffic.nanos(seconds), Long.MIN_VALUE, this::take);
    }

    private void take(FlowStep step) {
        steps.add("%s %d:%d>%d:%d @%.1f"
                .formatted(
                        step.kind,
                        step.sourceLow & 0xFF,
                        step.sourcePort,
                        step.destinationLow & 0xFF,
                        step.destinationPort,
                        step.time / 1e9));
    }
}
