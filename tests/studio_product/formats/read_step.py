"""What Open CASCADE makes of STEP files, as JSON. Run by a Python that has it (cadquery-ocp)."""

from __future__ import annotations

import json
import sys

from OCP.BRepCheck import BRepCheck_Analyzer
from OCP.BRepGProp import BRepGProp
from OCP.GProp import GProp_GProps
from OCP.STEPControl import STEPControl_Reader
from OCP.TopAbs import TopAbs_FACE, TopAbs_SHELL, TopAbs_SOLID
from OCP.TopExp import TopExp_Explorer

found = []
for path in sys.argv[1:]:
    reader = STEPControl_Reader()
    reader.ReadFile(path)
    reader.TransferRoots()
    shape = reader.OneShape()
    of_shape = GProp_GProps()
    BRepGProp.VolumeProperties_s(shape, of_shape)
    counts = {}
    for name, kind in (("solids", TopAbs_SOLID), ("shells", TopAbs_SHELL), ("faces", TopAbs_FACE)):
        explorer, counts[name] = TopExp_Explorer(shape, kind), 0
        while explorer.More():
            counts[name] += 1
            explorer.Next()
    found.append({"valid": BRepCheck_Analyzer(shape).IsValid(), "volume": of_shape.Mass(), **counts})
print(json.dumps(found))
