"""A user's script that a type checker must accept as it stands."""

import manias
from manias import Trajectory, load, trajectory
from manias.answers import ask
from manias.series import EventTime, RunUpRule, align

table = load("innovations").frame
years = table["commercialised"].tolist()
path: Trajectory = trajectory("us-it-ai")
last: float = float(path.values.iloc[-1])
paths = [path, trajectory("us-it-dotcom")]
together = align(paths, EventTime("onset", before=2, after=6))
answers = ask("ai")
words: str = answers[0].lens
model = manias.load_model("runup-panel")
print(model.summary(), manias.cite("runup-panel"), RunUpRule(), manias.__version__)
(traced,) = manias.trace("ai-last-share")
print(traced.value, [part.name for part in traced.rows])
figure = manias.plot_event_time(together, paths, clock="onset")
figure.savefig("together.png")
