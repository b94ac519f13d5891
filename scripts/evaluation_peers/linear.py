"""Penalised softmax regression at one C beside scikit-learn's LogisticRegression (lbfgs), at equal objectives."""
import warnings

from evaluation_peers.timing import make_features, perf, timed

C, TOLERANCE = 0.01, 1e-6


def objective(x, y, weight, bias):
    """0.5 |W|^2 + C sum of cross-entropies."""
    import torch
    z = torch.from_numpy(x) @ torch.from_numpy(weight).T + torch.from_numpy(bias)
    losses = torch.nn.functional.cross_entropy(z, torch.from_numpy(y), reduction="sum").item()
    return 0.5 * float((weight**2).sum()) + C * losses


def turned(x):
    """Standardised, after directions were given spreads of 1, 1/2, 1/3, ... and turned."""
    import torch
    torch.manual_seed(2)
    turn = torch.linalg.qr(torch.randn(x.shape[1], x.shape[1]))[0]
    x = x / torch.arange(1, x.shape[1] + 1) @ turn
    return (x - x.mean(0)) / x.std(0) / x.shape[1]**0.5


class LogisticRegression:
    wanted = {"scikit-learn": 5}

    def __init__(self, rows, classes, askew=False):
        """askew: features whose variance falls with the square of the direction's rank, as networks give them; else as
        much in every direction, the easiest case there is."""
        self.rows, self.classes, self.askew = rows, classes, askew

    def prepare(self, place):
        from safetensors.torch import save_file
        data = make_features(self.rows, 100, 512, self.classes, seed=1)
        if self.askew:
            data["train_x"] = turned(data["train_x"])
        data["train_x"] *= 512**0.5  # unit spread, as standardised features have
        self.file = place / f"logistic_{self.classes}{'_askew' if self.askew else ''}.safetensors"
        save_file(data, self.file, {"classes": str(self.classes), "c": str(C), "tolerance": str(TOLERANCE)})
        self.x, self.y = data["train_x"].double().numpy(), data["train_y"].numpy()

    def measure(self):
        from sklearn.linear_model import LogisticRegression as Peer
        from sklearn.exceptions import ConvergenceWarning
        seconds = {}
        seconds["logistic_regression"], mine = perf("logistic_regression", data=self.file)
        with warnings.catch_warnings():
            warnings.simplefilter("error", ConvergenceWarning)
            seconds["scikit-learn"], fit = timed(Peer(C=C, tol=TOLERANCE, max_iter=1000).fit, self.x, self.y)
        theirs = objective(self.x, self.y, fit.coef_, fit.intercept_)
        assert abs(theirs - mine["objective"]) <= 1e-6 * theirs, (theirs, mine["objective"])
        return seconds
