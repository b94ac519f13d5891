"""Readers of tables: pandas."""
import pandas

from .records import expect, same

KEY = ["run", "protocol", "metric", "split"]


def compare_table(table, records):
    wanted = {tuple(m[name] for name in KEY): m for m in records.measurements()}
    expect(len(table) == len(wanted), f"{len(table)} rows for {len(wanted)} measurements")
    for row in table.to_dict("records"):
        measured = wanted[tuple(row[name] for name in KEY)]
        for name, value in measured.items():
            read = row[name]
            equal = same(read, value) if name == "value" else read == value
            expect(equal, f"{row['run']} {row['protocol']}.{row['metric']}: {name} is {read!r}, not {value!r}")
    return f"{len(table)} rows x {len(table.columns)} columns, every field equal"


def read_jsonl(file, records):
    return compare_table(pandas.read_json(file, lines=True, precise_float=True), records)


def read_csv(file, records):
    return compare_table(pandas.read_csv(file, keep_default_na=False, na_values={"value": ""},
                                         float_precision="round_trip"), records)


def read_hdf5(file, records):
    return compare_table(pandas.read_hdf(file, "measurements"), records)
