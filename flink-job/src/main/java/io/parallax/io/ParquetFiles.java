package io.parallax.io;

import java.io.IOException;
import org.apache.avro.specific.SpecificData;
import org.apache.avro.specific.SpecificRecordBase;
import org.apache.flink.formats.parquet.ParquetBuilder;
import org.apache.flink.formats.parquet.ParquetWriterFactory;
import org.apache.parquet.avro.AvroParquetWriter;
import org.apache.parquet.avro.AvroWriteSupport;
import org.apache.parquet.conf.ParquetConfiguration;
import org.apache.parquet.conf.PlainParquetConfiguration;
import org.apache.parquet.hadoop.ParquetWriter;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;
import org.apache.parquet.io.OutputFile;

/**
 * Parquet as DuckDB, pandas and Spark read it without us: three-level lists (the old two-level ones cannot tell a null
 * element from none), timestamps as microseconds UTC without a
 * zone, zstd.
 */
final class ParquetFiles {

    /**
     * Octets buffered per open file before a row group is written. Parquet's 128 MiB is meant for files of gigabytes; ours
     * end at each checkpoint, and a replay has several hours' files open at once.
     */
    private static final long ROW_GROUP_OCTETS = 16L << 20;

    private ParquetFiles() {}

    /** Writes records of that type, with its own schema. */
    static <T extends SpecificRecordBase> ParquetWriterFactory<T> of(Class<T> type) {
        ParquetBuilder<T> builder = out -> writer(type, out);
        return new ParquetWriterFactory<>(builder);
    }

    private static <T extends SpecificRecordBase> ParquetWriter<T> writer(Class<T> type, OutputFile out)
            throws IOException {
        SpecificData model = new SpecificData(type.getClassLoader());
        model.addLogicalTypeConversion(new ZonelessTimes());
        ParquetConfiguration settings = new PlainParquetConfiguration();
        settings.setBoolean(AvroWriteSupport.WRITE_OLD_LIST_STRUCTURE, false);
        return AvroParquetWriter.<T>builder(out)
                .withSchema(ZonelessTimes.of(model.getSchema(type)))
                .withDataModel(model)
                .withConf(settings)
                .withCompressionCodec(CompressionCodecName.ZSTD)
                .withRowGroupSize(ROW_GROUP_OCTETS)
                .build();
    }
}
