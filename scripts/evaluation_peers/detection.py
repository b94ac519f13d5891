"""COCO AP of 200,000 detections on 5,000 images of 80 classes, both files read from disk: ours by `sslbench score`."""
import contextlib
import io
import json
import subprocess

from evaluation_peers.timing import SSLBENCH, timed

IMAGES, CLASSES, TRUTHS, DETECTIONS = 5_000, 80, 36_000, 200_000
STATS = ("AP", "AP50", "AP75", "APs", "APm", "APl", "AR1", "AR10", "AR100", "ARs", "ARm", "ARl")


def float32(values):
    """As detectors write them: float32 with the digits of its double."""
    import numpy
    return numpy.asarray(values, dtype=numpy.float32).astype(float)


def draw_boxes(random, count, sizes):
    """x, y, width, height of `count` boxes inside pictures of `sizes`, small ones more often."""
    import numpy
    share = numpy.exp(random.uniform(numpy.log(0.02), numpy.log(0.9), (count, 2)))
    sides = numpy.maximum(share * sizes, 4)
    return numpy.concatenate([random.random((count, 2)) * (sizes - sides), sides], axis=1)


def jitter(random, boxes, sizes, amount):
    import numpy
    sides = boxes[:, 2:] * numpy.exp(random.normal(0, amount, (len(boxes), 2)))
    corner = boxes[:, :2] + boxes[:, 2:] * random.normal(0, amount, (len(boxes), 2))
    corner = numpy.clip(corner, 0, sizes - 2)
    return numpy.concatenate([corner, numpy.clip(sides, 1, sizes - corner)], axis=1)


def outline(box, wobble):
    """A polygon of 2 x 24 numbers around the ellipse in a box."""
    import numpy
    turn = numpy.linspace(0, 2 * numpy.pi, 24, endpoint=False)
    reach = 0.5 * (1 - 0.25 * wobble * (1 + numpy.cos(3 * turn)))
    x, y = box[0] + box[2] * (0.5 + reach * numpy.cos(turn)), box[1] + box[3] * (0.5 + reach * numpy.sin(turn))
    return numpy.round(numpy.stack([x, y], axis=1).ravel(), 2).tolist()


def run_lengths(shape, size):
    """Compressed, as result files hold masks."""
    from pycocotools import mask
    packed = mask.frPyObjects([shape], size[1], size[0])[0]
    return {"size": packed["size"], "counts": packed["counts"].decode()}


def crowd_runs(box, size):
    """Uncompressed, as COCO stores crowds."""
    import numpy
    x, y, width, height = (int(side) for side in box)
    inside = numpy.zeros((size[1], size[0]), dtype=bool)
    inside[y:y + height, x:x + width:2] = True
    flat = inside.ravel(order="F")
    edges = numpy.concatenate([[0], numpy.flatnonzero(flat[1:] != flat[:-1]) + 1, [flat.size]])
    return {"size": [size[1], size[0]], "counts": numpy.diff(edges).tolist()}, int(inside.sum())


def draw_truths(random, sizes):
    """The truth file, beside the image, box and class of every object."""
    import numpy
    image = numpy.sort(random.integers(0, IMAGES, TRUTHS))
    label = numpy.minimum(random.exponential(18, TRUTHS).astype(int), CLASSES - 1)
    boxes, crowd = numpy.round(draw_boxes(random, TRUTHS, sizes[image]), 2), random.random(TRUTHS) < 0.012
    annotations = []
    for i in range(TRUTHS):
        size = sizes[image[i]].tolist()
        shape, area = outline(boxes[i], 0.3), 0.0
        if crowd[i]:
            shape, area = crowd_runs(boxes[i], size)
        else:
            x, y = numpy.array(shape).reshape(-1, 2).T
            area = round(abs(float(x @ numpy.roll(y, 1) - y @ numpy.roll(x, 1))) / 2, 4)
        annotations.append({"segmentation": shape if crowd[i] else [shape], "area": area, "iscrowd": int(crowd[i]),
                            "image_id": 100 + int(image[i]), "bbox": boxes[i].tolist(),
                            "category_id": 1 + int(label[i]), "id": 1000 + i})
    images = [{"id": 100 + i, "width": int(sizes[i, 0]), "height": int(sizes[i, 1]), "file_name": f"{100 + i:012}.jpg"}
              for i in range(IMAGES)]
    categories = [{"id": 1 + c, "name": f"class {c}"} for c in range(CLASSES)]
    return {"images": images, "categories": categories, "annotations": annotations}, image, boxes, label


def draw_detections(random, sizes, image, boxes, label):
    """Around four in five objects are found, some twice or as another class; the rest is found where nothing is."""
    import numpy
    near = random.integers(0, TRUTHS, DETECTIONS // 4)
    false = DETECTIONS - len(near)
    near_image, false_image = image[near], random.integers(0, IMAGES, false)
    found = jitter(random, boxes[near], sizes[near_image], 0.08)
    near_label = numpy.where(random.random(len(near)) < 0.9, label[near], random.integers(0, CLASSES, len(near)))
    where = numpy.concatenate([near_image, false_image])
    what = numpy.concatenate([near_label, numpy.minimum(random.exponential(18, false).astype(int), CLASSES - 1)])
    box = numpy.concatenate([found, draw_boxes(random, false, sizes[false_image])])
    score = float32(numpy.concatenate([random.beta(4, 2, len(near)), random.beta(1, 6, false)]))
    order = numpy.argsort(where, kind="stable")
    return [(100 + int(where[i]), 1 + int(what[i]), box[i], float(score[i]), sizes[where[i]].tolist()) for i in order]


def write_files(place):
    import numpy
    random = numpy.random.default_rng(0)
    sizes = numpy.array([[640, 480], [480, 640], [640, 427], [500, 375]])[random.integers(0, 4, IMAGES)]
    truth, image, boxes, label = draw_truths(random, sizes)
    (place / "truth.json").write_text(json.dumps(truth))
    found = draw_detections(random, sizes, image, boxes, label)
    (place / "bbox.json").write_text(json.dumps([
        {"image_id": where, "category_id": what, "bbox": float32(box).tolist(), "score": score}
        for where, what, box, score, _ in found]))
    (place / "segm.json").write_text(json.dumps([
        {"image_id": where, "category_id": what, "segmentation": run_lengths(outline(box, 0.2), size), "score": score}
        for where, what, box, score, size in found]))


def ours(place, kind):
    command = [SSLBENCH, "score", "detection", "--iou", kind, "--truth", place / "truth.json", "--predictions",
               place / f"{kind}.json"]
    stats = json.loads(subprocess.run(command, check=True, capture_output=True).stdout)["stats"]
    return [stats[name] for name in STATS]


def peer(library, evaluator, place, kind):
    with contextlib.redirect_stdout(io.StringIO()):
        truth = library(str(place / "truth.json"))
        evaluation = evaluator(truth, truth.loadRes(str(place / f"{kind}.json")), kind)
        evaluation.evaluate()
        evaluation.accumulate()
        evaluation.summarize()
    return list(evaluation.stats)[:12]


class Detection:
    def __init__(self, kind):
        self.kind = kind
        self.wanted = {"pycocotools": 30, "faster-coco-eval": 5} if kind == "bbox" else {}

    def prepare(self, place):
        if not all((place / f"{name}.json").exists() for name in ("truth", "bbox", "segm")):
            write_files(place)
        self.place = place

    def measure(self):
        import faster_coco_eval
        from pycocotools.coco import COCO
        from pycocotools.cocoeval import COCOeval
        seconds, numbers = {}, {}
        seconds["sslbench score"], numbers["sslbench score"] = timed(ours, self.place, self.kind)
        for name, library, evaluator in (("pycocotools", COCO, COCOeval),
                                         ("faster-coco-eval", faster_coco_eval.COCO,
                                          faster_coco_eval.COCOeval_faster)):
            seconds[name], numbers[name] = timed(peer, library, evaluator, self.place, self.kind)
        for name, values in numbers.items():
            assert all(abs(a - b) <= 1e-12 for a, b in zip(values, numbers["pycocotools"])), numbers
        return seconds
