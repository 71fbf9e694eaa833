"""The shell's process imports nothing heavy, and no window where none is needed.

`studio.stock` decodes pictures in the service process.
"""

from __future__ import annotations

import subprocess
import sys

CODE = """
import importlib, sys
from pathlib import Path
import studio
house = Path(studio.__file__).parent
for path in sorted(house.rglob("*.py")):
    parts = path.relative_to(house.parent).with_suffix("").parts
    if parts[1] not in ("ui", "stock", "testing", "_resources", "__main__"):
        importlib.import_module(".".join(parts).removesuffix(".__init__"))
heavy = {"PySide6", "torch", "diffusers", "transformers", "onnxruntime", "onnx", "numpy", "cv2", "PIL",
         "patchmatch", "scipy", "studio_image", "pytest"}
print(",".join(sorted(heavy & set(sys.modules))))
"""


def test_everything_outside_the_window_is_light() -> None:
    found = subprocess.run([sys.executable, "-c", CODE], capture_output=True, text=True, check=True)
    assert found.stdout.strip() == ""
