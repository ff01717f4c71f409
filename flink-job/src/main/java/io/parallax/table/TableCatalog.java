package io.parallax.table;

import java.io.Closeable;
import java.io.IOException;
import java.io.Serializable;
import java.io.UncheckedIOException;
import java.util.HashMap;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.iceberg.CatalogProperties;
import org.apache.iceberg.NullOrder;
import org.apache.iceberg.PartitionSpec;
import org.apache.iceberg.Schema;
import org.apache.iceberg.SortOrder;
import org.apache.iceberg.Table;
import org.apache.iceberg.UpdateSchema;
import org.apache.iceberg.catalog.Catalog;
import org.apache.iceberg.catalog.Namespace;
import org.apache.iceberg.catalog.SupportsNamespaces;
import org.apache.iceberg.catalog.TableIdentifier;
import org.apache.iceberg.exceptions.AlreadyExistsException;
import org.apache.iceberg.flink.CatalogLoader;
import org.apache.iceberg.flink.TableLoader;
import org.jspecify.annotations.Nullable;

/**
 * Where the tables are, and who says what the current state of each is. Travels with the job graph; each task opens what it
 * needs itself.
 *
 * @param type who keeps the tables' state
 * @param warehouse folder or URI below which files lie; with {@link Type#REST} what the server calls a warehouse
 * @param uri of the database or the server; null with {@link Type#HADOOP}
 * @param properties further properties of Iceberg's catalog, such as {@code io-impl} or {@code jdbc.user}
 */
public record TableCatalog(
        Type type, String warehouse, @Nullable String uri, Map<String, String> properties) implements Serializable {

    private static final long serialVersionUID = 1L;

    /** Namespace of all tables. */
    public static final String NAMESPACE = "parallax";

    private static final String NAME = "parallax";

    /** Who keeps the tables' state. */
    public enum Type {
        /** The folder itself, by renaming files: local disks and HDFS, not object stores. */
        HADOOP,
        /** A database, {@code jdbc:sqlite:...} or another whose driver is on the class path. */
        JDBC,
        /** A server of Iceberg's REST protocol. */
        REST
    }

    public TableCatalog {
        properties = Map.copyOf(properties);
    }

    /** Tables below a folder and nothing else. */
    public static TableCatalog inFolder(String warehouse) {
        return new TableCatalog(Type.HADOOP, warehouse, null, Map.of());
    }

    TableLoader loader(TableSpec<?> spec) {
        return TableLoader.fromCatalog(loader(), identifier(spec));
    }

    /** Whether the table was ever made. */
    boolean has(TableSpec<?> spec) {
        return withCatalog(catalog -> catalog.tableExists(identifier(spec)));
    }

    /**
     * The table, made now if it is not there; if an earlier version made it, with the columns that it lacks, which are null in
     * the rows that are there. Columns are never taken away. What is returned is for the job graph: whose catalog is closed.
     */
    Table ensure(TableSpec<?> spec) {
        return withCatalog(catalog -> {
            TableIdentifier identifier = identifier(spec);
            Table table = catalog.tableExists(identifier) ? catalog.loadTable(identifier) : create(catalog, spec);
            UpdateSchema update = table.updateSchema().unionByNameWith(ColumnTypes.of(spec.schema()));
            if (!update.apply().sameSchema(table.schema())) {
                update.commit();
            }
            table.refresh(); // after a commit it would ask the catalog, which is closed then
            return table;
        });
    }

    private static Table create(Catalog catalog, TableSpec<?> spec) {
        Schema schema = ColumnTypes.of(spec.schema());
        SortOrder.Builder order = SortOrder.builderFor(schema);
        spec.sortedBy().forEach(column -> order.asc(column, NullOrder.NULLS_FIRST));
        try {
            makeNamespace(catalog);
            return catalog.buildTable(identifier(spec), schema)
                    .withPartitionSpec(partitions(spec, schema))
                    .withSortOrder(order.build())
                    .withProperties(TableLayout.properties(spec))
                    .create();
        } catch (AlreadyExistsException anotherWasFaster) {
            return catalog.loadTable(identifier(spec));
        }
    }

    private static PartitionSpec partitions(TableSpec<?> spec, Schema schema) {
        String time = spec.eventTime();
        return time == null
                ? PartitionSpec.unpartitioned()
                : PartitionSpec.builderFor(schema).hour(time, TableLayout.HOUR).build();
    }

    private static void makeNamespace(Catalog catalog) {
        Namespace namespace = Namespace.of(NAMESPACE);
        if (catalog instanceof SupportsNamespaces namespaces && !namespaces.namespaceExists(namespace)) {
            try {
                namespaces.createNamespace(namespace);
            } catch (AlreadyExistsException anotherWasFaster) {
                // What was asked for is the case.
            }
        }
    }

    private static TableIdentifier identifier(TableSpec<?> spec) {
        return TableIdentifier.of(NAMESPACE, spec.name());
    }

    private CatalogLoader loader() {
        Map<String, String> all = new HashMap<>(properties);
        all.put(CatalogProperties.WAREHOUSE_LOCATION, warehouse);
        if (uri != null) {
            all.put(CatalogProperties.URI, uri);
        }
        if (type == Type.HADOOP) {
            all.putIfAbsent(CatalogProperties.LOCK_IMPL, FolderLock.class.getName());
        }
        Configuration hadoop = new Configuration();
        return switch (type) {
            case HADOOP -> CatalogLoader.hadoop(NAME, hadoop, all);
            case JDBC -> CatalogLoader.custom(NAME, all, hadoop, "org.apache.iceberg.jdbc.JdbcCatalog");
            case REST -> CatalogLoader.rest(NAME, hadoop, all);
        };
    }

    private interface Use<R> {
        R of(Catalog catalog);
    }

    private <R> R withCatalog(Use<R> use) {
        Catalog catalog = loader().loadCatalog();
        try {
            return use.of(catalog);
        } finally {
            close(catalog);
        }
    }

    private static void close(Catalog catalog) {
        if (catalog instanceof Closeable closeable) {
            try {
                closeable.close();
            } catch (IOException e) {
                throw new UncheckedIOException("cannot close the catalog: " + e.getMessage(), e);
            }
        }
    }
}
