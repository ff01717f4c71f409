package io.parallax.table;

import java.io.IOException;
import java.nio.file.Path;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.FileFormat;
import org.apache.iceberg.Files;
import org.apache.iceberg.Schema;
import org.apache.iceberg.StructLike;
import org.apache.iceberg.Table;
import org.apache.iceberg.data.Record;
import org.apache.iceberg.data.parquet.GenericParquetReaders;
import org.apache.iceberg.data.parquet.GenericParquetWriter;
import org.apache.iceberg.encryption.EncryptedOutputFile;
import org.apache.iceberg.io.CloseableIterable;
import org.apache.iceberg.io.DataWriter;
import org.apache.iceberg.io.FileAppender;
import org.apache.iceberg.io.OutputFileFactory;
import org.apache.iceberg.parquet.Parquet;

/** Reads and writes single Parquet files of a table. Our tables have no delete files: a data file is all of its rows. */
final class TableFiles {

    private TableFiles() {}

    /** Rows of a file, those columns of them; a column that the file is too old for is null. */
    static CloseableIterable<Record> read(Table table, DataFile file, Schema columns) {
        return Parquet.read(table.io().newInputFile(file))
                .project(columns)
                .createReaderFunc(found -> GenericParquetReaders.buildReader(columns, found))
                .build();
    }

    /** A new file in one partition, not part of the table until somebody commits it. */
    static DataWriter<Record> inTable(Table table, StructLike partition, int number) throws IOException {
        EncryptedOutputFile file = OutputFileFactory.builderFor(table, 0, number)
                .format(FileFormat.PARQUET)
                .build()
                .newOutputFile(table.spec(), partition);
        return Parquet.writeData(file)
                .forTable(table)
                .withPartition(partition)
                .withSortOrder(table.sortOrder())
                .createWriterFunc(GenericParquetWriter::create)
                .build();
    }

    /** A plain file that belongs to no table. */
    static FileAppender<Record> alone(Table table, Path file) throws IOException {
        return Parquet.write(Files.localOutput(file.toFile()))
                .forTable(table)
                .createWriterFunc(GenericParquetWriter::create)
                .build();
    }
}
