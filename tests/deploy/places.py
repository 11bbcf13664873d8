"""Where things are."""

import os
import pathlib

SOURCE = pathlib.Path(__file__).resolve().parents[2]
DEPLOY = SOURCE / "deploy"
UNITS = DEPLOY / "systemd"
BIN = pathlib.Path(os.environ["BEHALF_BIN"])
BEHALFD = BIN / "daemon/behalfd"
BEHALF = BIN / "daemon/cli/behalf"
