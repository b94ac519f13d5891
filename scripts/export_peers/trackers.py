"""Readers of experiment trackers: MLflow's client, W&B's wandb-core, TensorBoard's accumulator."""
import json
import logging
import pathlib
import subprocess
import sys

from .records import expect, same

FLOAT_DIGITS = 6  # of TensorBoard's 32-bit scalars


def expect_points(run, what, read, wanted, digits=None):
    expect([step for step, _ in read] == [step for step, _ in wanted], f"{run}: {what}: other steps")
    expect(all(same(a, b, digits) for (_, a), (_, b) in zip(read, wanted)), f"{run}: {what}: other values")
    return len(read)


def mlflow_runs(uri):
    from mlflow import MlflowClient
    client = MlflowClient(tracking_uri=uri)
    experiments = [each for each in client.search_experiments() if each.name != "Default"]
    return client, client.search_runs([each.experiment_id for each in experiments], max_results=10000)


def compare_mlflow(uri, records):
    client, runs = mlflow_runs(uri)
    expect({run.info.run_name for run in runs} == set(records.runs), f"{uri}: other runs")
    points = parameters = 0
    for run in runs:
        wanted, tags = records.runs[run.info.run_name], run.data.tags
        expect((tags["row"], tags["seed"], tags["dataset"]) == (wanted.row, str(wanted.seed), wanted.dataset), "other tags")
        expect("method" in run.data.params and tags["revision"], "no settings or no revision")
        expect((run.info.status == "FINISHED") == (wanted.status in ("ok", "collapsed")), f"{run.info.status}")
        parameters += len(run.data.params)
        for (stage, name), curve in wanted.curves.items():
            history = [(m.step, m.value) for m in client.get_metric_history(run.info.run_id, f"{stage}/{name}")]
            points += expect_points(wanted.name, f"{stage}/{name}", sorted(history), sorted(curve))
        for m in wanted.defined():
            key = f"{m['protocol']}/{m['split']}.{m['metric'].replace('/', '.')}"
            expect(same(run.data.metrics[key], m["value"]), f"{wanted.name}: {key}")
    return f"{len(runs)} runs, {parameters} parameters, {points} points, every measurement"


def read_mlflow(folder, records):
    """The store as it is, which MLFLOW_ALLOW_FILE_STORE allows, and as MLflow's own command moves it to a database."""
    logging.getLogger("mlflow").setLevel(logging.ERROR)
    text = compare_mlflow(f"file:{folder}", records)
    database = f"sqlite:///{folder.parent}/mlflow.db"
    mlflow = pathlib.Path(sys.executable).parent / "mlflow"
    done = subprocess.run([mlflow, "migrate-filestore", "--source", folder, "--target", database], capture_output=True, text=True)
    expect(done.returncode == 0, f"migrate-filestore: {done.stderr[-2000:]}")
    return f"{text}; the same after migrate-filestore: {compare_mlflow(database, records)}"


def wandb_records(file, *options):
    """By wandb-core, the package's own reader."""
    wandb = pathlib.Path(sys.executable).parent / "wandb"
    return subprocess.run([wandb, "leet", "inspect", *options, "--json", file], check=True, capture_output=True, text=True).stdout


def number(value):
    """wandb-core prints what is no number as text."""
    return float(value) if isinstance(value, str) else value


def compare_wandb(file, records):
    lines = [json.loads(line) for line in wandb_records(file).splitlines()]
    by_type = {}
    for line in lines:
        by_type.setdefault(line["type"], []).append(line[line["type"]])
    expect([line["num"] for line in lines] == list(range(1, len(lines) + 1)), f"{file}: records are missing")
    told = by_type["run"][0]
    run = records.runs[told["display_name"]]
    config = told["config"]["update"]
    expect((config["run.row"], config["run.seed"]) == (run.row, str(run.seed)) and "method" in config, "other settings")
    rows = [row["item"] for row in by_type.get("history", [])]
    expect([row["_step"] for row in rows] == list(range(len(rows))), f"{run.name}: steps do not grow by one")
    points = 0
    for (stage, name), curve in run.curves.items():
        read = [(row[f"{stage}/step"], number(row[f"{stage}/{name}"])) for row in rows if f"{stage}/{name}" in row]
        points += expect_points(run.name, f"{stage}/{name}", read, sorted(curve))
    summary = by_type["summary"][-1]["update"]
    for m in run.defined():
        expect(same(number(summary[f"{m['protocol']}/{m['split']}/{m['metric']}"]), m["value"]), f"{run.name}: summary")
    state = json.loads(wandb_records(file, "--summary"))["state"]
    expect(len(by_type["exit"]) == 1 and state == ("finished" if run.status in ("ok", "collapsed") else "failed"), f"{run.name}: {state}")
    return len(lines), points, len(summary)


def read_wandb(folder, records):
    files = sorted(folder.glob("offline-run-*/run-*.wandb"))
    expect(len(files) == len(records.runs), f"{len(files)} files for {len(records.runs)} runs")
    lines, points, summary = (sum(each) for each in zip(*(compare_wandb(file, records) for file in files)))
    return f"{len(files)} runs, {lines} records, {points} points, {summary} entries of summaries"


def read_tensorboard(folder, records):
    from tensorboard.backend.event_processing.event_accumulator import EventAccumulator
    points = 0
    for name, run in records.runs.items():
        events = EventAccumulator(str(folder / name), size_guidance={"scalars": 0}).Reload()
        scalars = {tag: [(event.step, event.value) for event in events.Scalars(tag)] for tag in events.Tags()["scalars"]}
        for (stage, curve), wanted in run.curves.items():
            points += expect_points(name, f"{stage}/{curve}", scalars[f"{stage}/{curve}"], wanted, FLOAT_DIGITS)
        for m in run.defined():
            last = scalars[f"{m['protocol']}/{m['split']}/{m['metric']}"][-1][1]
            expect(same(last, m["value"], FLOAT_DIGITS), f"{name}: {m['protocol']}.{m['metric']}")
    return f"{len(records.runs)} runs, {points} points, every measurement"
