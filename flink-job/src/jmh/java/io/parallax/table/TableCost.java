package io.parallax.table;

import com.sun.management.OperatingSystemMXBean;
import io.parallax.wire.Flow;
import io.parallax.wire.Vantage;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.apache.avro.specific.SpecificData;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.formats.avro.typeutils.AvroTypeInfo;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.streaming.api.functions.sink.v2.DiscardingSink;
import org.apache.flink.streaming.api.operators.AbstractStreamOperator;
import org.apache.flink.streaming.api.operators.BoundedOneInput;
import org.apache.flink.streaming.api.operators.OneInputStreamOperator;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.FileScanTask;
import org.apache.iceberg.Table;
import org.apache.iceberg.flink.TableLoader;
import org.apache.iceberg.io.CloseableIterable;
import org.apache.parquet.avro.AvroParquetWriter;
import org.apache.parquet.conf.PlainParquetConfiguration;
import org.apache.parquet.hadoop.ParquetWriter;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;
import org.apache.parquet.io.LocalOutputFile;

/**
 * CPU time of keeping flow rows: a job of one slot that only makes the rows, one that also keeps them in the Iceberg table, and
 * one that also writes them to one plain Parquet file. Rounds take turns. After them, the heap that an extract's keys take.
 *
 * <p>Arguments: rows of a round, rounds, an empty folder. It prints seconds of CPU of the whole process.
 */
public final class TableCost {

    private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");
    private static final int ADDRESSES = 2_000;
    private static final int WINDOWS = 60;
    private static final int ROW_GROUP_OCTETS = 16 << 20;
    private static final double NANOS_PER_SECOND = 1e9;

    private TableCost() {}

    private interface Round {
        void of(DataStream<Flow> rows, Path folder);
    }

    public static void main(String[] arguments) throws Exception {
        int rows = Integer.parseInt(arguments[0]);
        int rounds = Integer.parseInt(arguments[1]);
        Path folder = Path.of(arguments[2]);
        List<Round> ways = List.of(TableCost::nothing, TableCost::iceberg, TableCost::plainParquet);
        List<String> names = List.of("rows alone", "iceberg", "plain parquet");
        double[][] seconds = new double[names.size()][rounds];
        for (int round = 0; round < rounds; round++) {
            for (int way = 0; way < names.size(); way++) {
                Path into = Files.createDirectories(folder.resolve(way + "-" + round));
                seconds[way][round] = cpuSeconds(ways.get(way), rows, into);
                System.out.printf(
                        "round %d, %s: %.2f s of CPU, %d octets%n",
                        round, names.get(way), seconds[way][round], size(into));
            }
        }
        for (int way = 0; rounds > 1 && way < names.size(); way++) {
            System.out.printf("median, %s: %.2f s%n", names.get(way), median(seconds[way]));
        }
        Path warehouse = Files.createDirectories(folder.resolve("keys"));
        cpuSeconds(TableCost::iceberg, rows, warehouse);
        keysInHeap(warehouse);
    }

    private static double median(double[] of) {
        double[] sorted = Arrays.copyOfRange(of, 1, of.length); // the first round compiles
        Arrays.sort(sorted);
        return sorted[sorted.length / 2];
    }

    private static double cpuSeconds(Round round, int rows, Path folder) throws Exception {
        StreamExecutionEnvironment job = TableJobs.job(1, Duration.ofHours(1));
        DataStream<Flow> made = job.fromSequence(0, rows - 1L)
                .uid("numbers")
                .map(TableCost::row)
                .returns(new AvroTypeInfo<>(Flow.class))
                .uid("rows");
        round.of(made, folder);
        OperatingSystemMXBean process = (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
        long before = process.getProcessCpuTime();
        job.execute();
        return (process.getProcessCpuTime() - before) / NANOS_PER_SECOND;
    }

    private static void nothing(DataStream<Flow> rows, Path folder) {
        rows.sinkTo(new DiscardingSink<>()).uid("discard");
    }

    private static void iceberg(DataStream<Flow> rows, Path folder) {
        new TableSinks(TableCatalog.inFolder(folder.toUri().toString())).keep(rows, TableSpecs.FLOWS);
    }

    private static void plainParquet(DataStream<Flow> rows, Path folder) {
        rows.transform(
                        "write",
                        Types.VOID,
                        new WriteParquet(folder.resolve("all.parquet").toString()))
                .uid("write");
    }

    /** All rows into one file, as they come. */
    private static final class WriteParquet extends AbstractStreamOperator<Void>
            implements OneInputStreamOperator<Flow, Void>, BoundedOneInput {

        private static final long serialVersionUID = 1L;

        private final String file;
        private transient ParquetWriter<Flow> writer;

        WriteParquet(String file) {
            this.file = file;
        }

        @Override
        public void open() throws Exception {
            super.open();
            writer = AvroParquetWriter.<Flow>builder(new LocalOutputFile(Path.of(file)))
                    .withConf(new PlainParquetConfiguration())
                    .withDataModel(SpecificData.getForClass(Flow.class))
                    .withSchema(Flow.getClassSchema())
                    .withCompressionCodec(CompressionCodecName.ZSTD)
                    .withRowGroupSize((long) ROW_GROUP_OCTETS)
                    .build();
        }

        @Override
        public void processElement(StreamRecord<Flow> row) throws IOException {
            writer.write(row.getValue());
        }

        @Override
        public void endInput() throws IOException {
            writer.close();
        }
    }

    /** A flow of an hour with two vantage points and names, by its number. */
    private static Flow row(long number) {
        SplittableRandom random = new SplittableRandom(number);
        int source = random.nextInt(ADDRESSES);
        int destination = random.nextInt(ADDRESSES);
        long packets = 1L + random.nextInt(100);
        Instant start = START.plusSeconds(60L * random.nextInt(WINDOWS));
        Flow flow = Flow.newBuilder()
                .setFlowId("%016x%016x".formatted(random.nextLong(), number))
                .setWindowStart(start)
                .setWindowSeconds(60)
                .setRevision(1)
                .setIpVersion(4)
                .setProtocolIdentifier(6)
                .setSourceAddress(address(source))
                .setSourceTransportPort(32_768 + random.nextInt(28_000))
                .setDestinationAddress(address(destination))
                .setDestinationTransportPort(443)
                .setPacketDeltaCount(packets)
                .setOctetDeltaCount(packets * (40 + random.nextInt(1_460)))
                .setReversePacketDeltaCount(packets)
                .setReverseOctetDeltaCount(packets * (40 + random.nextInt(1_460)))
                .setFlowStart(start.plusMillis(random.nextInt(1_000)))
                .setFlowEnd(start.plusMillis(1_000 + random.nextInt(59_000)))
                .setTcpControlBits(27)
                .setReverseTcpControlBits(27)
                .setInitiatorEvidence("syn")
                .setCommunityId("1:%016x".formatted(random.nextLong()))
                .setDuplicates(Map.of("D1", packets))
                .build();
        flow.setSourceVirtualStationName("vm-" + source);
        flow.setDestinationVirtualStationName("vm-" + destination);
        flow.setVantage(List.of(vantage(true, packets, start), vantage(false, packets, start)));
        return flow;
    }

    private static String address(int number) {
        return "10.1." + number / 256 + "." + number % 256;
    }

    private static Vantage vantage(boolean isCanonical, long packets, Instant start) {
        return Vantage.newBuilder()
                .setReverse(false)
                .setCanonical(isCanonical)
                .setSensorId("capture-1")
                .setInterfaceName(isCanonical ? "eth1" : "eth2")
                .setSourceMacAddress("02:00:00:00:00:01")
                .setDestinationMacAddress("02:00:00:00:00:02")
                .setVlanIds(List.of(100))
                .setIpTtl(64)
                .setPacketDeltaCount(packets)
                .setOctetDeltaCount(packets * 100)
                .setFirstSeen(start)
                .build();
    }

    private static void keysInHeap(Path warehouse) throws Exception {
        TableCatalog catalog = TableCatalog.inFolder(warehouse.toUri().toString());
        try (TableLoader loader = catalog.loader(TableSpecs.FLOWS)) {
            loader.open();
            Table table = loader.loadTable();
            List<DataFile> files = new ArrayList<>();
            try (CloseableIterable<FileScanTask> scan = table.newScan().planFiles()) {
                scan.forEach(task -> files.add(task.file()));
            }
            TableExtract extract = new TableExtract(TableSpecs.FLOWS, table);
            extract.latest(files); // what readers keep for themselves is there before
            long before = usedOctets();
            var keys = extract.latest(files);
            long after = usedOctets();
            System.out.printf(
                    "%d keys of flows: %d octets of heap, %.0f each%n",
                    keys.size(), after - before, (after - before) / (double) keys.size());
        }
    }

    private static long usedOctets() {
        for (int i = 0; i < 3; i++) {
            System.gc();
        }
        return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
    }

    private static long size(Path folder) throws IOException {
        try (var files = Files.walk(folder)) {
            return files.filter(file -> file.toString().endsWith(".parquet"))
                    .mapToLong(file -> file.toFile().length())
                    .sum();
        }
    }
}
