"""Runs docs/sql/latest.sql over the warehouse of a run and over its extract, as 49-tables.md tells a reader, and opens both with
parallax_tables.py; prints, per table, how many rows there are and how many differ from the extract's.

    python compare_views.py OUT DOCS
"""

import json
import re
import sys
from collections import Counter
from pathlib import Path

import duckdb

out, docs = Path(sys.argv[1]), Path(sys.argv[2])
sys.path.insert(0, str(docs / "notebooks"))
import parallax_tables

VIEW = re.compile(r"CREATE OR REPLACE VIEW (\w+) AS")


def statements():
    script = re.sub(r"--[^\n]*", "", (docs / "sql" / "latest.sql").read_text())
    return {VIEW.search(each).group(1): each for each in script.split(";") if each.strip()}


def views(globs):
    """A connection with the views of those tables that have files."""
    connection = duckdb.connect()
    for name, statement in statements().items():
        if globs.get(name):
            place = f"'tables/{name}/**/*.parquet'"
            assert place in statement, statement
            connection.execute(statement.replace(place, str(globs[name])))
    return connection


def rows(connection, name, columns):
    """Rows as text, lists and maps in them as well; sorted, and each as often as it is there."""
    as_text = ", ".join(f'"{column}" := "{column}"' for column in columns)
    return sorted(row[0] for row in connection.sql(f"SELECT struct_pack({as_text})::VARCHAR FROM {name}").fetchall())


def differences(ones, others):
    left, right = Counter(ones), Counter(others)
    return ((left - right) + (right - left)).total()


warehouse, extract = parallax_tables.Tables(out / "warehouse"), parallax_tables.Tables(out / "tables")
over_warehouse = views({name: warehouse.files(name) for name in warehouse.names})
over_extract = views({name: [str(out / "tables" / name / "**" / "*.parquet")] for name in extract.names})
assert warehouse.names == extract.names, (warehouse.names, extract.names)
for name in extract.names:
    plain = f"read_parquet('{out}/tables/{name}/**/*.parquet', union_by_name = true, hive_partitioning = false)"
    columns = [row[0] for row in duckdb.sql(f"DESCRIBE FROM {plain}").fetchall()]
    counts = rows(duckdb, plain, columns)
    print(json.dumps({
        "table": name,
        "kept": duckdb.sql(f"SELECT count(*) FROM read_parquet({warehouse.files(name)})").fetchone()[0],
        "counting": len(counts),
        "sql_over_warehouse": differences(rows(over_warehouse, name, columns), counts),
        "sql_over_extract": differences(rows(over_extract, name, columns), counts),
        "python_over_warehouse": differences(rows(warehouse.connection, name, columns), counts),
        "python_over_extract": differences(rows(extract.connection, name, columns), counts),
    }))
