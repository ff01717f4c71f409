"""Opens Parallax's tables from DuckDB, pandas or pyarrow, without an extension of any of them.

    import parallax_tables
    tables = parallax_tables.Tables("out/tables")        # what `parallax analyze` leaves: plain Parquet
    tables = parallax_tables.Tables("out/warehouse")     # Iceberg tables below a folder: --catalog HADOOP
    tables = parallax_tables.Tables("/lake/warehouse", catalog="/lake/catalog.db")    # --catalog JDBC, in SQLite
    tables.sql("SELECT locality, sum(octet_delta_count) FROM flows GROUP BY ALL").df()
    tables.arrow("matrix")
    tables.pandas("completeness")

Each table is a view with the rows that count: of each key the row with the greatest revision. Times are UTC. Needs duckdb; for
Iceberg tables also fastavro; pandas and pyarrow only where they are asked for. The files have to be on this machine.
"""

import json
import sqlite3
from pathlib import Path
from urllib.parse import unquote, urlparse

import duckdb

NAMESPACE = "parallax"

_CELL = ("level", "realm", "source_entity", "destination_entity", "locality", "window_start", "window_seconds")

# Columns by which rows supersede each other, as in io.parallax.table.TableSpecs. Tables that are not here never do that.
KEYS = {
    "flows": ("flow_id", "window_start"),
    "matrix": _CELL,
    "matrix_hourly": _CELL,
    "dependencies": ("realm", "client_entity", "server_entity", "protocol_identifier", "server_transport_port", "part"),
    "completeness": ("sensor_id", "interface_name", "window_start"),
    "segments": ("sensor_id", "interface_name", "other_sensor_id", "other_interface_name", "window_start"),
    "signals": ("signal_id",),
    "inventory": ("kind", "realm", "name", "mac_address", "valid_from"),
}


class Tables:
    """The tables of a folder, each a view of one DuckDB connection."""

    def __init__(self, folder, catalog=None, connection=None):
        self.connection = connection or duckdb.connect()
        self._sources = _of_database(catalog) if catalog else _of_folder(Path(folder))
        if not self._sources:
            raise FileNotFoundError(f"no tables in {catalog or folder}")
        self.names = []
        for name, source in sorted(self._sources.items()):
            files = source()
            if files:
                self.connection.execute(f"CREATE OR REPLACE VIEW {name} AS {_latest(self.connection, name, files)}")
                self.names.append(name)

    def files(self, name):
        """Data files of the table as it is now; later commits are not in the views that are there."""
        return self._sources[name]()

    def sql(self, query):
        return self.connection.sql(query)

    def arrow(self, name):
        return self.connection.sql(f"FROM {name}").arrow()

    def pandas(self, name):
        return self.connection.sql(f"FROM {name}").df()


def _latest(connection, name, files):
    rows = f"SELECT * FROM read_parquet([{', '.join(map(_quoted, files))}], union_by_name = true, hive_partitioning = false)"
    if name not in KEYS:
        return rows
    columns = {row[0] for row in connection.execute(f"DESCRIBE {rows}").fetchall()}
    order = ""
    if "revision" in columns:
        order = "ORDER BY revision DESC"
    elif name == "inventory":
        # Files come as they were committed, the last of them last; so does what is in them.
        rows = rows.replace("SELECT *", "SELECT * EXCLUDE (filename, file_row_number)").replace(
            "union_by_name", "filename = true, file_row_number = true, union_by_name")
        order = f"ORDER BY list_position([{', '.join(map(_quoted, files))}], filename) DESC, file_row_number DESC"
    return f"{rows} QUALIFY row_number() OVER (PARTITION BY {', '.join(KEYS[name])} {order}) = 1"


def _quoted(text):
    return "'" + text.replace("'", "''") + "'"


def _of_folder(folder):
    """A function per table that gives its files; Iceberg keeps `metadata` beside the data, an extract does not."""
    tables = {}
    for name in sorted(folder.iterdir()) if folder.is_dir() else []:
        if (name / "metadata").is_dir():
            tables[name.name] = lambda table=name: _snapshot_files(_newest_metadata(table / "metadata"))
        elif name.name == NAMESPACE and name.is_dir():
            tables.update(_of_folder(name))
        elif next(name.glob("**/*.parquet"), None):
            tables[name.name] = lambda table=name: sorted(map(str, table.glob("**/*.parquet")))
    return tables


def _of_database(database):
    """Tables of a JDBC catalog in SQLite: where the state of each is, says a row."""
    tables = {}
    rows = _rows(database, "SELECT table_name FROM iceberg_tables WHERE table_namespace = ?", NAMESPACE)
    for (name,) in rows:
        tables[name] = lambda table=name: _snapshot_files(Path(_path(_rows(
            database,
            "SELECT metadata_location FROM iceberg_tables WHERE table_namespace = ? AND table_name = ?",
            NAMESPACE, table)[0][0])))
    return tables


def _rows(database, query, *values):
    connection = sqlite3.connect(f"file:{Path(database).absolute()}?mode=ro", uri=True)
    try:
        return connection.execute(query, values).fetchall()
    finally:
        connection.close()


def _newest_metadata(folder):
    """The hint may be behind, never ahead of the files: a commit makes its file first."""
    hint = folder / "version-hint.text"
    version = int(hint.read_text()) if hint.exists() else 1
    while (folder / f"v{version + 1}.metadata.json").exists():
        version += 1
    return folder / f"v{version}.metadata.json"


def _snapshot_files(metadata):
    """Data files of the current snapshot, in the order in which they were committed. Our tables have no delete files."""
    import fastavro

    table = json.loads(metadata.read_text())
    current = table.get("current-snapshot-id")
    snapshot = next((s for s in table.get("snapshots", []) if s["snapshot-id"] == current), None)
    if snapshot is None:
        return []
    files = []
    with open(_path(snapshot["manifest-list"]), "rb") as manifests:
        for manifest in fastavro.reader(manifests):
            if manifest["content"] != 0:
                raise ValueError(f"{metadata} has delete files, which need an Iceberg reader")
            with open(_path(manifest["manifest_path"]), "rb") as entries:
                for entry in fastavro.reader(entries):
                    if entry["status"] != 2:  # 2: deleted
                        number = entry["sequence_number"]
                        number = manifest["sequence_number"] if number is None else number
                        files.append((number, _path(entry["data_file"]["file_path"])))
    return [file for _, file in sorted(files)]


def _path(uri):
    parsed = urlparse(uri)
    if parsed.scheme not in ("", "file"):
        raise ValueError(f"{uri} is not on this machine")
    return unquote(parsed.path) if parsed.scheme else uri
