"""The lab's table: a section a part, a line a row, and in it the columns that any of its rows fills."""
import json

# Row key -> heading, and how it is shown. A time is [median, lowest, highest] or one number in a list.
COLUMNS = {
    "ms": ("ms", lambda ms: f"{ms[0]:.3g}" + (f" [{ms[1]:.3g}, {ms[2]:.3g}]" if len(ms) == 3 else "")),
    "images_per_second": ("images/s", lambda rate: f"{rate:,.0f}"),
    "peak_bytes": ("peak GiB", lambda size: f"{size / 2**30:.2f}"),
    "parameters": ("parameters", lambda count: f"{count:,}"),
    "launches": ("launches", str),
    "calls": ("calls", lambda calls: f"{calls:.1f}"),
    "waits": ("waits", lambda waits: f"{waits:.1f}"),
    "busy": ("busy %", lambda share: f"{100 * share:.0f}"),
    "share": ("share %", lambda share: f"{100 * share:.1f}"),
    "gigabytes_per_second": ("GB/s", lambda rate: f"{rate:,.0f}"),
    "of_copy": ("% of copy speed", lambda share: f"{100 * share:.0f}"),
    "teraflops": ("TFLOP/s", lambda rate: f"{rate:.3g}"),
    "ratio": ("ratio", lambda ratio: f"{ratio:.3f}"),
    "before": ("over before", lambda ratio: f"{ratio:.3f}"),
    "equal": ("equal", lambda equal: "yes" if equal else "NO"),
    "seconds": ("s", str),
    "note": ("note", str),
    "left_out": ("left out", str),
    "failed": ("FAILED", str),
}


def is_wrong(row):
    return "failed" in row or row.get("equal") is False


def line(cells):
    return "| " + " | ".join(cell.replace("|", "\\|").replace("\n", " ") for cell in cells) + " |"


def of_part(name, rows):
    used = [key for key in COLUMNS if any(key in row for row in rows)]
    lines = [f"## {name}", "", line(["case", *(COLUMNS[key][0] for key in used)]),
             "|---|" + "---:|" * len(used)]
    for row in rows:
        lines.append(line([row["case"], *(COLUMNS[key][1](row[key]) if key in row else "" for key in used)]))
    return "\n".join(lines) + "\n"


def relate(rows, before):
    """Fills in what rows say of each other, and of an earlier lab's."""
    over_pytorch(rows)
    over_copy(rows)
    if before is not None:
        over_before(rows, before)


def over_pytorch(rows):
    """Our step's time over PyTorch's, of equal networks."""
    ours = {row["case"]: row for row in rows if row["part"] == "steps" and "ms" in row}
    for row in rows:
        case = ours.get(row["case"].split(",")[0])
        if row["part"] != "pytorch" or case is None:
            continue
        if case["parameters"] == row["parameters"]:
            row["ratio"] = case["ms"][0] / row["ms"][0]
            row["note"] = "ratio: our step's time over this"
        else:
            row["failed"] = f"its network is another one: ours has {case['parameters']:,} parameters"


def over_copy(rows):
    copies = [row["gigabytes_per_second"] for row in rows if row["case"] == "copy within the device"
              and "gigabytes_per_second" in row]
    for row in rows:
        if copies and "gigabytes_per_second" in row and row["part"] == "operators":
            row["of_copy"] = row["gigabytes_per_second"] / copies[0]


def over_before(rows, file):
    then = {(row["part"], row["case"]): row["ms"][0] for row in json.loads(file.read_text())["rows"] if "ms" in row}
    for row in rows:
        earlier = then.get((row["part"], row["case"]), 0)
        if "ms" in row and earlier > 0:
            row["before"] = row["ms"][0] / earlier


def write(out, rows, dry):
    parts = list(dict.fromkeys(row["part"] for row in rows))
    head = "# GPU lab\n\n"
    if dry:
        head += "A dry run: every part at tiny shapes on a CPU. No figure here means anything.\n\n"
    text = head + "\n".join(of_part(part, [row for row in rows if row["part"] == part]) for part in parts)
    for name, content in (("lab.md", text), ("lab.json", json.dumps({"dry_run": dry, "rows": rows}, indent=1) + "\n")):
        whole = out / (name + ".new")
        whole.write_text(content)
        whole.rename(out / name)
