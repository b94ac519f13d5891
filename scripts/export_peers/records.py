"""A results folder's records, read by h5py: what every export is compared with."""
import math

import h5py


class Run:
    def __init__(self, file):
        with h5py.File(file) as record:
            text = {key: value.decode() for key, value in record.attrs.items() if hasattr(value, "decode")}
            self.name, self.row, self.dataset, self.status = (text[key] for key in ("run", "row", "dataset", "status"))
            self.seed = int(record.attrs["seed"])
            self.measurements = [{name: value.decode() if hasattr(value, "decode") else value.item()
                                  for name, value in zip(row.dtype.names, row)} for row in record["measurements"][()]]
            self.curves = {}
            for stage, curves in record.get("curves", {}).items():
                for name, points in curves.items():
                    self.curves[stage, name] = [(int(step), float(value)) for step, value in points[()]]

    def defined(self):
        return [m for m in self.measurements if not m["reason"]]


class Records:
    def __init__(self, folder):
        self.runs = {run.name: run for run in map(Run, sorted((folder / "runs").glob("*.h5")))}

    def measurements(self):
        return [m for run in self.runs.values() for m in run.measurements]

    def measurement_count(self):
        return len(self.measurements())

    def point_count(self):
        return sum(len(points) for run in self.runs.values() for points in run.curves.values())


def expect(holds, what):
    if not holds:
        raise SystemExit(f"check-exports: {what}")


def same(a, b, digits=None):
    """Equal numbers, NaN to NaN; of `digits` significant digits where a format holds no more."""
    if math.isnan(a) or math.isnan(b):
        return math.isnan(a) and math.isnan(b)
    return a == b if digits is None else math.isclose(a, b, rel_tol=10.0**-digits)
