package io.parallax.wire;

import com.github.luben.zstd.Zstd;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * Headers in our columnar batch against one Avro record per packet, both compressed with zstd level 1 as the broker stores
 * them. One operation is a whole batch: divide by {@link #packets} for the time per packet.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class WireBenchmark {

    static final int ZSTD_LEVEL = 1;
    private static final long SEED = 20_260_101L;
    private static final int SKIPPED = 50_000;

    @Param({"1000", "8000", "32000"})
    public int packets;

    private List<PacketHeader> headers = List.of();
    private byte[] batch = new byte[0];
    private byte[] records = new byte[0];
    private int recordsLength;

    private final HeaderBatchWriter writer =
            new HeaderBatchWriter("capture-1", "eth1", 0, 1, 0, 1.0, HeaderBatchWriter.SAMPLING_NONE);
    private final HeaderBatchReader reader = new HeaderBatchReader();
    private final PacketHeader header = new PacketHeader();
    private final PacketRecords perPacket = new PacketRecords();

    /** Generates traffic that has been running for a while, and encodes it both ways. */
    @Setup
    public void generate() {
        Traffic traffic = new Traffic(SEED);
        traffic.headers(SKIPPED);
        headers = traffic.headers(packets);
        batch = encodeBatchCompressed();
        byte[] plain = perPacket.encode(headers);
        recordsLength = plain.length;
        records = Zstd.compress(plain, ZSTD_LEVEL);
    }

    /** Stored octets of the batch. */
    int storedBatchOctets() {
        return batch.length;
    }

    /** Stored octets of the records. */
    int storedRecordOctets() {
        return records.length;
    }

    @Benchmark
    public byte[] encodeBatch() {
        for (int i = 0; i < headers.size(); i++) {
            writer.add(headers.get(i));
        }
        return writer.finish(0, false);
    }

    @Benchmark
    public byte[] encodeBatchCompressed() {
        return Zstd.compress(encodeBatch(), ZSTD_LEVEL);
    }

    @Benchmark
    public byte[] encodeRecordsCompressed() {
        return Zstd.compress(perPacket.encode(headers), ZSTD_LEVEL);
    }

    @Benchmark
    public long decodeBatchCompressed() throws WireFormatException {
        byte[] value = Zstd.decompress(batch, (int) Zstd.getFrameContentSize(batch));
        reader.open(value);
        long sum = 0;
        while (reader.next(header)) {
            sum += header.octetsIp;
        }
        return sum;
    }

    @Benchmark
    public long decodeRecordsCompressed() throws Exception {
        return perPacket.sumOctets(Zstd.decompress(records, recordsLength), header);
    }
}
