-- Views with the rows that count: of each key the row with the greatest revision, once.
-- Written for DuckDB over what `analyze` leaves: run it in the folder of --out. There it changes nothing, since an extract holds
-- such rows only; over an Iceberg table, put its list of files in place of the glob (docs/notebooks/parallax_tables.py gives it).
-- Other engines: the same statement with the table's name, where they know QUALIFY.
-- A table that a run has no rows for has no folder, and DuckDB refuses its view: leave that statement out.

CREATE OR REPLACE VIEW flows AS
SELECT * FROM read_parquet('tables/flows/**/*.parquet', union_by_name = true)
QUALIFY row_number() OVER (PARTITION BY flow_id, window_start ORDER BY revision DESC) = 1;

CREATE OR REPLACE VIEW matrix AS
SELECT * FROM read_parquet('tables/matrix/**/*.parquet', union_by_name = true)
QUALIFY row_number() OVER (
    PARTITION BY level, realm, source_entity, destination_entity, locality, window_start, window_seconds
    ORDER BY revision DESC) = 1;

CREATE OR REPLACE VIEW matrix_hourly AS
SELECT * FROM read_parquet('tables/matrix_hourly/**/*.parquet', union_by_name = true)
QUALIFY row_number() OVER (
    PARTITION BY level, realm, source_entity, destination_entity, locality, window_start, window_seconds
    ORDER BY revision DESC) = 1;

CREATE OR REPLACE VIEW dependencies AS
SELECT * FROM read_parquet('tables/dependencies/**/*.parquet', union_by_name = true)
QUALIFY row_number() OVER (
    PARTITION BY realm, client_entity, server_entity, protocol_identifier, server_transport_port, part
    ORDER BY revision DESC) = 1;

CREATE OR REPLACE VIEW dependency_changes AS
SELECT * FROM read_parquet('tables/dependency_changes/**/*.parquet', union_by_name = true);

CREATE OR REPLACE VIEW signals AS
SELECT * FROM read_parquet('tables/signals/**/*.parquet', union_by_name = true)
QUALIFY row_number() OVER (PARTITION BY signal_id ORDER BY revision DESC) = 1;

CREATE OR REPLACE VIEW completeness AS
SELECT * FROM read_parquet('tables/completeness/**/*.parquet', union_by_name = true)
QUALIFY row_number() OVER (
    PARTITION BY sensor_id, interface_name, window_start ORDER BY revision DESC) = 1;

-- These have no revision: a row is stated once. What is a repeat of another differs from it in nothing.
CREATE OR REPLACE VIEW segments AS
SELECT * FROM read_parquet('tables/segments/**/*.parquet', union_by_name = true)
QUALIFY row_number() OVER (
    PARTITION BY sensor_id, interface_name, other_sensor_id, other_interface_name, window_start) = 1;

CREATE OR REPLACE VIEW ledger AS
SELECT * FROM read_parquet('tables/ledger/**/*.parquet', union_by_name = true);

CREATE OR REPLACE VIEW dead_letters AS
SELECT * FROM read_parquet('tables/dead_letters/**/*.parquet', union_by_name = true);

-- Of a key, an extract holds the entry that came last; an Iceberg table holds all, and does not say which came last.
CREATE OR REPLACE VIEW inventory AS
SELECT * FROM read_parquet('tables/inventory/**/*.parquet', union_by_name = true);
