"""Model files made to do harm: each is refused with its sentence, and nothing that is in them has run."""

from __future__ import annotations

import bz2
import gzip
import json
import lzma
import os
import pickle
import struct
import zlib
from collections.abc import Callable
from pathlib import Path

import onnx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from onnx import TensorProto, helper

from studio.errors import ModelRefused
from studio.models.configs import MAX_TEMPLATE
from studio.models.plain_files import MAX_FILES, MAX_HEADER
from studio.models.safety import inspect

from .files import (
    diffusers_folder,
    gguf,
    graph,
    numpy_objects,
    pickled,
    sharded_folder,
    tarred,
    tensors,
    text_folder,
    transformers_folder,
    write,
    zipped,
)

PICKLE = "Refused: this model file can run programs. Use a .safetensors version."
Build = Callable[[Path, Path], Path]
"""(an empty folder, the marker that the payload would write) -> what is given to the studio."""


PROGRAMS: dict[str, Callable[[Path], bytes]] = {
    **{f"pickle {n}": lambda marker, n=n: pickled(marker, n) for n in range(6)},  # type: ignore[misc]
    "torch zip": zipped,
    "torch tar": tarred,
    "numpy objects": numpy_objects,
    "gzip pickle": lambda marker: gzip.compress(pickled(marker, 4)),
    "bz2 pickle": lambda marker: bz2.compress(pickled(marker, 4)),
    "xz pickle": lambda marker: lzma.compress(pickled(marker, 4)),
    "zlib pickle": lambda marker: zlib.compress(pickled(marker, 4)),
    "hdf5": lambda marker: b"\x89HDF\r\n\x1a\n" + bytes(100),
}


def untouched(path: Path, marker: Path, words: str) -> None:
    with pytest.raises(ModelRefused) as refused:
        inspect(path)
    assert words in str(refused.value)
    assert refused.value.hint
    assert not marker.exists()


def test_the_payload_would_leave_its_mark(tmp_path: Path) -> None:
    for protocol in range(6):
        marker = tmp_path / f"ran {protocol}"
        pickle.loads(pickled(marker, protocol))
        assert marker.exists()


@pytest.mark.parametrize("name", ["m.safetensors", "m.onnx", "m.gguf", "m.json", "m.pt", "m"])
@pytest.mark.parametrize("program", list(PROGRAMS))
def test_programs_are_refused_under_any_name(tmp_path: Path, program: str, name: str) -> None:
    path = tmp_path / name
    path.write_bytes(PROGRAMS[program](tmp_path / "ran"))
    untouched(path, tmp_path / "ran", PICKLE)


def test_the_honest_ones_are_let_in(tmp_path: Path) -> None:
    assert inspect(transformers_folder(tmp_path)).format == "transformers"
    assert inspect(text_folder(tmp_path)).format == "onnx-text"
    assert inspect(diffusers_folder(tmp_path)).format == "diffusers"
    (tmp_path / "parts").mkdir()
    parts = inspect(sharded_folder(tmp_path / "parts", "model-00001-of-00001.safetensors"))
    assert parts.format == "transformers"
    assert parts.files[0] == "config.json"
    assert "model-00001-of-00001.safetensors" in parts.files
    found = inspect(write(tmp_path / "m.bin", gguf()))
    assert (found.format, found.files) == ("gguf", ("m.bin",))
    own = graph(helper.make_node("f", [], ["y"], domain="mine"))
    own.functions.append(helper.make_function("mine", "f", [], ["y"], [], []))
    assert inspect(write(tmp_path / "m.onnx", own.SerializeToString())).format == "onnx"


def test_what_honest_tools_leave_is_let_in(tmp_path: Path) -> None:
    folder = transformers_folder(tmp_path, _attn_implementation_autoset=True, attn_implementation="sdpa")
    (folder / ".cache" / "huggingface" / "download").mkdir(parents=True)
    for name in ("model.safetensors.metadata", "model.safetensors.lock"):
        (folder / ".cache" / "huggingface" / "download" / name).write_text("1")
    assert inspect(folder).format == "transformers"


def test_a_header_that_begins_like_a_pickle_is_no_pickle(tmp_path: Path) -> None:
    """The length 640 is written b"\\x80\\x02…"."""
    header = {"a": {"dtype": "U8", "shape": [1], "data_offsets": [0, 1]}}
    text = json.dumps(header).ljust(640).encode()
    path = write(tmp_path / "m.safetensors", struct.pack("<Q", 640) + text + b"1")
    assert path.read_bytes().startswith(b"\x80\x02")
    assert inspect(path).format == "safetensors"


def in_folder(make: Callable[..., Path], name: str, content: object) -> Build:
    def build(folder: Path, marker: Path) -> Path:
        made = make(folder)
        (made / name).parent.mkdir(exist_ok=True)
        write(made / name, content(marker) if callable(content) else content)
        return made

    return build


def changed(make: Callable[..., Path], **values: object) -> Build:
    return lambda folder, marker: make(folder, **values)


def file(name: str, content: bytes) -> Build:
    return lambda folder, marker: write(folder / name, content)


def header(entries: object, data: bytes = b"") -> bytes:
    text = entries if isinstance(entries, bytes) else json.dumps(entries).encode()
    return struct.pack("<Q", len(text)) + text + data


def soft_link(folder: Path, marker: Path) -> Path:
    (folder / "link.safetensors").symlink_to(tensors(folder / "real"))
    return folder / "link.safetensors"


def hard_link(folder: Path, marker: Path) -> Path:
    os.link(tensors(folder / "real"), folder / "m.safetensors")
    return folder / "m.safetensors"


def linked_folder(folder: Path, marker: Path) -> Path:
    (folder / "link").symlink_to(transformers_folder(folder))
    return folder / "link"


def linked_inner_folder(folder: Path, marker: Path) -> Path:
    made = diffusers_folder(folder)
    (folder / "elsewhere").mkdir()
    (made / "vae").symlink_to(folder / "elsewhere")
    return made


def linked_tokenizer(folder: Path, marker: Path) -> Path:
    (folder / "elsewhere").mkdir()
    write(folder / "elsewhere" / "vocab.json", {})
    (folder / "tokenizer").symlink_to(folder / "elsewhere")
    return tensors(folder / "m.safetensors")


def linked_member(folder: Path, marker: Path) -> Path:
    made = transformers_folder(folder)
    (made / "generation_config.json").unlink()
    (made / "generation_config.json").symlink_to("/etc/passwd")
    return made


def hard_linked_data(folder: Path, marker: Path) -> Path:
    made = text_folder(folder)
    (made / "text.onnx.data").unlink()
    os.link(write(folder / "secret", b"s"), made / "text.onnx.data")
    return made


def pipe(folder: Path, marker: Path) -> Path:
    os.mkfifo(folder / "m.safetensors")
    return folder / "m.safetensors"


def pipe_in_folder(folder: Path, marker: Path) -> Path:
    made = transformers_folder(folder)
    os.mkfifo(made / "merges.txt")
    return made


def mine_of_folders(folder: Path, marker: Path) -> Path:
    made = transformers_folder(folder)
    for n in range(MAX_FILES):
        (made / str(n)).mkdir()
    return made


def no_weights(folder: Path, marker: Path) -> Path:
    made = transformers_folder(folder)
    (made / "model.safetensors").unlink()
    return made


def no_data(folder: Path, marker: Path) -> Path:
    made = text_folder(folder)
    (made / "text.onnx.data").unlink()
    return made


def text_graph(*nodes: onnx.NodeProto, location: str = "") -> Build:
    return in_folder(text_folder, "text.onnx", graph(*nodes, location=location).SerializeToString())


def node(domain: str, operator: str = "Evil") -> onnx.NodeProto:
    return helper.make_node(operator, [], ["y"], domain=domain)


def inner_node() -> onnx.NodeProto:
    out = helper.make_tensor_value_info("y", TensorProto.FLOAT, [1])
    branch = helper.make_graph([node("evil")], "inner", [], [out])
    return helper.make_node("If", ["c"], ["y"], then_branch=branch, else_branch=branch)


U8 = {"dtype": "U8", "shape": [4], "data_offsets": [0, 4]}
TWICE = b'{"a": {"dtype": "U8", "shape": [1], "data_offsets": [0, 1]}, "a": {"dtype": "U8", "shape": [1], '
BIG = {"dtype": "U8", "shape": [2**62] * 65, "data_offsets": [0, 4]}

HOSTILE: dict[str, tuple[Build, str]] = {
    # Links and things that are no files
    "link": (soft_link, "is a link"),
    "hard link": (hard_link, "is a link"),
    "linked folder": (linked_folder, "is a link"),
    "linked inner folder": (linked_inner_folder, "is a link"),
    "linked tokenizer": (linked_tokenizer, "is a link"),
    "linked member": (linked_member, "is a link"),
    "hard linked data": (hard_linked_data, "is a link"),
    "pipe": (pipe, "no ordinary file"),
    "pipe in a folder": (pipe_in_folder, "no ordinary file"),
    "mine of folders": (mine_of_folders, "too many files"),
    # safetensors
    "overlap": (file("m", header({"a": U8, "b": {**U8, "data_offsets": [2, 6]}}, b"123456")), "damaged"),
    "gap": (file("m", header({"a": {**U8, "data_offsets": [1, 5]}}, b"12345")), "damaged"),
    "beyond the end": (file("m", header({"a": U8}, b"12")), "damaged"),
    "program after the tensors": (file("m", header({"a": U8}, b"1234" + pickle.dumps(1))), "damaged"),
    "same tensor twice": (file("m", header(TWICE + b'"data_offsets": [0, 1]}}', b"1")), "damaged"),
    "endless shape": (file("m", header({"a": BIG}, b"1234")), "damaged"),
    "numbers as notes": (file("m", header({"__metadata__": {"a": 1}, "b": U8}, b"1234")), "damaged"),
    "huge header": (file("m", struct.pack("<Q", MAX_HEADER + 1) + b"{" + bytes(MAX_HEADER)), "damaged"),
    "header of 2^63": (file("m", struct.pack("<Q", 2**63) + b"{}"), "damaged"),
    "deep header": (file("m", header(b'{"a":' + b"[" * 100_000)), "damaged"),
    "header in UTF-16": (file("m", header(b"{\0" + "}".encode("utf-16-le"))), "damaged"),
    # GGUF
    "gguf of version 1": (file("m.gguf", gguf(version=1)), "version"),
    "gguf of another byte order": (file("m.gguf", gguf(version=3 << 24)), "version"),
    "gguf with 2^60 tensors": (file("m.gguf", gguf(tensors=2**60)), "cut off"),
    "gguf with 2^63 notes": (file("m.gguf", gguf(notes=2**63)), "cut off"),
    "gguf cut off": (file("m.gguf", gguf()[:20]), "cut off"),
    "gguf without tensors": (file("m.gguf", gguf(tensors=0)), "cut off"),
    # ONNX
    "library of operators": (file("m", graph(node("evil")).SerializeToString()), "library of programs (evil"),
    "library in a branch": (file("m", graph(inner_node()).SerializeToString()), "library of programs"),
    "python operator": (
        file("m", graph(node("com.microsoft", "PythonOp")).SerializeToString()), "library of programs"
    ),
    "compiled inside": (
        file("m", graph(node("com.microsoft", "EPContext")).SerializeToString()), "library of programs"
    ),
    "library in a text folder": (text_graph(node("ai.onnx.contrib", "PyOp")), "library of programs"),
    "data outside": (text_graph(location="../secret"), "outside its own folder"),
    "data of the whole disk": (text_graph(location="/etc/passwd"), "outside its own folder"),
    "data in memory": (text_graph(location="*/_ORT_MEM_ADDR_/*"), "outside its own folder"),
    "data in a drive": (text_graph(location="C:secret"), "outside its own folder"),
    "millions of nodes": (
        file("m", b"\x08\x08\x3a" + b"\x80\x80\x80\x01" + b"\x0a\x00" * (1 << 20)), "no model"
    ),
    "field of no number": (file("m", b"\x08\x08\xba\x80\x80\x80\x80\x02\x00"), "no model"),
    # Configs
    "code on loading": (changed(transformers_folder, auto_map={"AutoModel": "evil.Model"}), "auto_map"),
    "trust": (changed(transformers_folder, trust_remote_code=True), "trust_remote_code"),
    "kernel from a hub": (
        changed(transformers_folder, _attn_implementation_internal="evil/kernel"), "_attn_implementation"
    ),
    "kernel by another key": (changed(transformers_folder, attn_implementation="evil/k"), "attn_implem"),
    "generating by a hub": (changed(transformers_folder, custom_generate="evil/g"), "custom_generate"),
    "hidden library": (in_folder(transformers_folder, ".hidden.so", b"\x7fELF"), "does not know"),
    "too much JSON": (
        in_folder(transformers_folder, "generation_config.json", b"[" + b"[]," * 6_000_000 + b"0]"), "damaged"
    ),
    "quantized part": (
        in_folder(diffusers_folder, "unet/config.json", {"quantization_config": {"quant_method": "x"}}),
        "does not read",
    ),
    "deep inside": (changed(transformers_folder, a=[{"b": {"auto_map": {}}}]), "auto_map"),
    "unknown model": (changed(transformers_folder, model_type="lightglue"), "no language model"),
    "model inside another": (
        changed(transformers_folder, text_config={"model_type": "lightglue"}), "no language model"
    ),
    "another class": (changed(transformers_folder, architectures=["EvilModel"]), "no language model"),
    "no kind": (changed(transformers_folder, model_type={"a": 1}), "no language model"),
    "quantized pickles": (
        changed(transformers_folder, quantization_config={"quant_method": "torchao"}), "does not read"
    ),
    "endless layers": (changed(transformers_folder, num_hidden_layers=10**12), "damaged"),
    "code in the tokenizer": (
        in_folder(transformers_folder, "tokenizer_config.json", {"auto_map": {"AutoTokenizer": ["e.T"]}}),
        "auto_map",
    ),
    "long template": (
        in_folder(transformers_folder, "chat_template.jinja", b"x" * (MAX_TEMPLATE + 1)), "too long"
    ),
    "long template in JSON": (
        in_folder(transformers_folder, "tokenizer_config.json", {"chat_template": "x" * (MAX_TEMPLATE + 1)}),
        "too long",
    ),
    "one of the templates": (
        in_folder(
            transformers_folder,
            "tokenizer_config.json",
            {"chat_template": [{"name": "tools", "template": "x" * (MAX_TEMPLATE + 1)}]},
        ),
        "too long",
    ),
    "template that is no text": (
        in_folder(transformers_folder, "chat_template.jinja", b"\xff\xfe\x00"), "damaged"
    ),
    "deep JSON": (in_folder(transformers_folder, "generation_config.json", b"[" * 100_000), "damaged"),
    "key twice": (in_folder(transformers_folder, "config.json", b'{"a": 1, "a": 2}'), "damaged"),
    "no JSON": (in_folder(transformers_folder, "config.json", b"\xff\xff"), "damaged"),
    "adapter": (
        in_folder(transformers_folder, "adapter_config.json", {"base_model_name_or_path": "evil/model"}),
        "an adapter",
    ),
    # Folders
    "parts elsewhere": (lambda f, m: sharded_folder(f, "../secret.safetensors"), "outside its own folder"),
    "parts that are missing": (lambda f, m: sharded_folder(f, "gone.safetensors"), "is missing"),
    "parts that are pickles": (lambda f, m: sharded_folder(f, "w.bin"), "can run programs"),
    "no parts": (lambda f, m: sharded_folder(f), "damaged"),
    "no weights": (no_weights, "no weights"),
    "python": (in_folder(transformers_folder, "modeling.py", b"import os"), "can run programs"),
    "generating by a script": (
        in_folder(transformers_folder, "custom_generate/generate.py", b"import os"), "can run programs"
    ),
    "pickle beside": (
        in_folder(transformers_folder, "pytorch_model.bin", lambda m: pickled(m, 2)), "can run programs"
    ),
    "pickle as JSON": (
        in_folder(transformers_folder, "generation_config.json", lambda m: pickled(m, 0)), "can run programs"
    ),
    "pickle as words": (
        in_folder(transformers_folder, "merges.txt", lambda m: pickled(m, 1)), "can run programs"
    ),
    "torch zip as weights": (
        in_folder(transformers_folder, "model.safetensors", zipped), "can run programs"
    ),
    "library": (in_folder(transformers_folder, "kernel.so", b"\x7fELF"), "does not know"),
    "class of a stranger": (changed(diffusers_folder, vae=["evil_package", "Vae"]), "does not load"),
    "class of transformers": (
        changed(diffusers_folder, vae=["transformers", "LightGlueForKeypointMatching"]), "does not load"
    ),
    "pipeline of its own": (changed(diffusers_folder, custom_pipeline="evil"), "custom_pipeline"),
    "text of another format": (changed(text_folder, format=2), "newer version"),
    "text with endless context": (changed(text_folder, context=10**15), "damaged"),
    "text with no such token": (changed(text_folder, eos=[100]), "damaged"),
    "text with a list as family": (changed(text_folder, family=["a"]), "damaged"),
    "text without data": (no_data, "cannot be read"),
}  # fmt: skip


@pytest.mark.parametrize("what", list(HOSTILE))
def test_it_is_refused_and_nothing_runs(tmp_path: Path, what: str) -> None:
    build, words = HOSTILE[what]
    folder = tmp_path / "model"
    folder.mkdir()
    untouched(build(folder, tmp_path / "ran"), tmp_path / "ran", words)


def test_there_are_enough_of_them() -> None:
    assert len(HOSTILE) + len(PROGRAMS) >= 30


# --- bytes by chance ----------------------------------------------------------------------------------------


def seeds() -> list[bytes]:
    header_bytes = header({"a": U8}, b"1234")
    return [header_bytes, gguf(), graph(node("x"), location="w").SerializeToString(), pickle.dumps(1, 0)]


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
def test_no_file_confuses_it(tmp_path: Path, data: st.DataObject) -> None:
    content = bytearray(data.draw(st.sampled_from(seeds())))
    for _ in range(data.draw(st.integers(0, 4))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    content = content[: data.draw(st.integers(0, len(content)))] + data.draw(st.binary(max_size=20))
    path = write(tmp_path / "m", bytes(data.draw(st.sampled_from([bytes(content), bytes(content[:24])]))))
    try:
        inspect(path)
    except ModelRefused as refused:
        assert refused.hint


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=6,
)


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
def test_no_folder_confuses_it(tmp_path_factory: pytest.TempPathFactory, data: st.DataObject) -> None:
    make, main = data.draw(
        st.sampled_from(
            [
                (transformers_folder, "config.json"),
                (text_folder, "text.json"),
                (diffusers_folder, "model_index.json"),
                (transformers_folder, "model.safetensors.index.json"),
            ]
        )
    )
    folder = make(tmp_path_factory.mktemp("model"))
    before = json.loads((folder / main).read_bytes()) if (folder / main).exists() else {"weight_map": {}}
    if data.draw(st.booleans()):
        before[data.draw(st.sampled_from(sorted(before)))] = data.draw(JSON)
        write(folder / main, before)
    else:
        write(folder / main, data.draw(st.binary(max_size=40) | JSON))
    try:
        inspect(folder)
    except ModelRefused as refused:
        assert refused.hint
