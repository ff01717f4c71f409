package io.parallax.wire;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Producer and job run these for every packet: garbage here is what limits the rate of a sensor. */
final class AllocationTest {

    private static final int HEADERS = 8_000;
    private static final int WARM_UP_BATCHES = 3;

    private final ThreadMXBean thread = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    private final List<PacketHeader> headers = halfMirrored();

    private static List<PacketHeader> halfMirrored() {
        List<PacketHeader> headers = new Traffic(3).headers(HEADERS);
        Random random = new Random(3);
        for (int i = 0; i < HEADERS; i += 2) {
            headers.get(i).mirrorKind = PacketHeader.MIRROR_ERSPAN_2;
            headers.get(i).mirrorSourceLow = 0x0A00_0001L;
            headers.get(i).mirrorSequence = i;
        }
        for (int i = 0; i < HEADERS; i += 100) {
            AnyHeaders.quoting(headers.get(i), random);
        }
        return headers;
    }

    @Test
    void addingAHeaderAllocatesNothing() {
        HeaderBatchWriter writer = writer();
        for (int batch = 0; batch < WARM_UP_BATCHES; batch++) {
            addAll(writer);
            writer.finish(0, false);
        }
        long before = thread.getCurrentThreadAllocatedBytes();
        addAll(writer);
        assertThat(thread.getCurrentThreadAllocatedBytes() - before).isZero();
    }

    @Test
    void readingAHeaderAllocatesNothing() throws Exception {
        HeaderBatchWriter writer = writer();
        addAll(writer);
        byte[] value = writer.finish(0, false);
        HeaderBatchReader reader = new HeaderBatchReader();
        PacketHeader header = new PacketHeader();
        for (int batch = 0; batch < WARM_UP_BATCHES; batch++) {
            reader.open(value);
            assertThat(readAll(reader, header)).isEqualTo(HEADERS);
        }
        reader.open(value);
        long before = thread.getCurrentThreadAllocatedBytes();
        int read = readAll(reader, header);
        assertThat(thread.getCurrentThreadAllocatedBytes() - before).isZero();
        assertThat(read).isEqualTo(HEADERS);
    }

    private void addAll(HeaderBatchWriter writer) {
        for (int i = 0; i < HEADERS; i++) {
            writer.add(headers.get(i));
        }
    }

    private static int readAll(HeaderBatchReader reader, PacketHeader header) throws WireFormatException {
        int count = 0;
        while (reader.next(header)) {
            count++;
        }
        return count;
    }

    private static HeaderBatchWriter writer() {
        return new HeaderBatchWriter("capture-1", "eth1", 0, 1, 0, 1.0, HeaderBatchWriter.SAMPLING_NONE);
    }
}
