"""Settings of every test: hypothesis repeats itself exactly and leaves nothing in the checkout."""

import tempfile
from pathlib import Path

import hypothesis
from hypothesis.configuration import set_hypothesis_home_dir

set_hypothesis_home_dir(Path(tempfile.gettempdir()) / "costlab-hypothesis")
hypothesis.settings.register_profile(
    "costlab",
    derandomize=True,
    deadline=None,
    database=None,
    print_blob=False,
    suppress_health_check=[hypothesis.HealthCheck.too_slow, hypothesis.HealthCheck.data_too_large],
)
hypothesis.settings.load_profile("costlab")
