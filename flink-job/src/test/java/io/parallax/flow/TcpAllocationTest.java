package io.parallax.flow;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import org.junit.jupiter.api.Test;

/** The job does this for every TCP packet. */
final class TcpAllocationTest {

    private static final int ROUNDS = 1_000;

    private final ThreadMXBean thread = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    private final TcpConversation talk = new TcpConversation().handshake();

    private void exchange(int round) {
        int at = 1 + round * 300;
        talk.after(10).data(at, 100).data(at + 200, 100).data(at + 100, 100).data(at, 100);
        talk.after(10).acknowledged(at + 300);
    }

    @Test
    void followingAConnectionWithTroubleAllocatesNothing() {
        for (int round = 0; round < ROUNDS; round++) {
            exchange(round);
        }
        long before = thread.getCurrentThreadAllocatedBytes();
        for (int round = ROUNDS; round < 2 * ROUNDS; round++) {
            exchange(round);
        }
        assertThat(thread.getCurrentThreadAllocatedBytes() - before).isZero();
        assertThat(talk.ofClient().uniqueOctets).isEqualTo(2 * ROUNDS * 300L);
        assertThat(talk.ofClient().outOfOrderPackets).isEqualTo(2 * ROUNDS);
    }
}
