package io.parallax.table;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.apache.iceberg.Table;
import org.apache.iceberg.types.Types;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class TableCatalogTest {

    @TempDir
    private Path folder;

    @Test
    void everyTableCanBeMadeAndIsFoundAgain() {
        TableCatalog catalog = TableCatalog.inFolder(folder.toUri().toString());
        for (TableSpec<?> spec : TableSpecs.ALL) {
            assertThat(catalog.has(spec)).isFalse();
            Table made = catalog.ensure(spec);
            assertThat(catalog.has(spec)).isTrue();
            assertThat(catalog.ensure(spec).schema().sameSchema(made.schema())).isTrue();
            assertThat(made.schema().columns()).hasSameSizeAs(spec.schema().getFields());
            assertThat(made.properties()).containsEntry("write.parquet.compression-codec", "zstd");
        }
    }

    @Test
    void aTableOfAnEarlierVersionGetsTheColumnsThatItLacksAndKeepsItsRows() throws Exception {
        TableCatalog catalog = TableCatalog.inFolder(folder.toUri().toString());
        Table made = catalog.ensure(TableSpecs.COMPLETENESS);
        made.updateSchema().deleteColumn("state").commit();
        TableJobs.keep(TableCatalog.inFolder(folder.toUri().toString()), List.of(TableRows.row(1, 1)));
        Table table = TableRows.load(catalog, TableSpecs.COMPLETENESS);
        assertThat(table.schema().findField("state")).isNotNull();
        assertThat(TableRows.numbers(TableRows.of(table))).containsExactly(1L);
    }

    @Test
    void aColumnThatALaterVersionAddedIsLeftNull() throws Exception {
        TableCatalog catalog = TableCatalog.inFolder(folder.toUri().toString());
        catalog.ensure(TableSpecs.COMPLETENESS)
                .updateSchema()
                .addColumn("of_the_future", Types.StringType.get())
                .commit();
        TableJobs.keep(catalog, List.of(TableRows.row(1, 1)));
        Table table = TableRows.load(catalog, TableSpecs.COMPLETENESS);
        assertThat(TableRows.of(table).get(0).getField("of_the_future")).isNull();
    }

    @Test
    void oneDatabaseFileIsEnoughForACatalog() {
        Path file = folder.resolve("catalog.db");
        TableCatalog catalog =
                new TableCatalog(TableCatalog.Type.JDBC, folder.toUri().toString(), "jdbc:sqlite:" + file, Map.of());
        catalog.ensure(TableSpecs.FLOWS);
        assertThat(Files.exists(file)).isTrue();
        assertThat(catalog.has(TableSpecs.FLOWS)).isTrue();
        assertThat(catalog.has(TableSpecs.MATRIX)).isFalse();
    }
}
