package io.parallax.local;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** An SQL session over the tables of a run, for SQL files as they are shipped: variable {@code tables} is the folder. */
final class DuckDb implements AutoCloseable {

    /** Values by column; a value may be null. */
    record Row(Map<String, @Nullable Object> values) {

        @Nullable
        Object value(String column) {
            if (!values.containsKey(column)) {
                throw new IllegalArgumentException("no column " + column + " among " + values.keySet());
            }
            return values.get(column);
        }

        String text(String column) {
            return String.valueOf(value(column));
        }

        long number(String column) {
            return value(column) instanceof Number number ? number.longValue() : 0;
        }

        double fraction(String column) {
            return value(column) instanceof Number number ? number.doubleValue() : 0;
        }
    }

    private final Connection connection;

    private DuckDb(Connection connection) {
        this.connection = connection;
    }

    static DuckDb over(Path tables) throws SQLException {
        DuckDb session = new DuckDb(DriverManager.getConnection("jdbc:duckdb:"));
        session.rows("set variable tables = '%s'".formatted(tables));
        return session;
    }

    /** Runs all statements of {@code script}; returns the rows of the last one. */
    List<Row> run(Path script) throws SQLException, IOException {
        return rows(Files.readString(script));
    }

    List<Row> rows(String statements) throws SQLException {
        List<Row> rows = new ArrayList<>();
        try (Statement statement = connection.createStatement()) {
            if (!statement.execute(statements)) {
                return rows;
            }
            try (ResultSet found = statement.getResultSet()) {
                while (found.next()) {
                    rows.add(row(found));
                }
            }
        }
        return rows;
    }

    private static Row row(ResultSet found) throws SQLException {
        ResultSetMetaData columns = found.getMetaData();
        Map<String, @Nullable Object> values = new LinkedHashMap<>();
        for (int column = 1; column <= columns.getColumnCount(); column++) {
            values.put(columns.getColumnName(column), found.getObject(column));
        }
        return new Row(values);
    }

    @Override
    public void close() throws SQLException {
        connection.close();
    }
}
