from __future__ import annotations

import os
import struct
from functools import cache
from pathlib import Path

import gguf
import pytest
import tokenizers
from hypothesis import given, settings
from hypothesis import strategies as st
from studio_text.generators.engines.tokenizer import gguf_tokenizer, load_tokenizer
from studio_text.generators.weights.gguf_header import read_header

from studio.api import ModelRefused

from . import tiny_tokenizers
from .tiny_tokenizers import CORPUS

ARCHITECTURES = {"gemma": "gemma3", "llama": "llama", "phi": "phi3", "qwen": "qwen2"}
REAL = {"gemma": "gemma-3-270m-q4_k_m.gguf", "qwen": "qwen2.5-coder-1.5b-instruct-q4_k_m.gguf"}
SAMPLES = [
    *CORPUS,
    "  leading, double  and trailing  ",
    "tabs\tand\nlines\r\n\r\n\n\n\n",
    "def f(x):\n        return x ** 2  # it's we've I'll\n",
    "Ελληνικά עברית العربية हिन्दी ไทย 日本語 한국어 中文",
    "👩‍👩‍👧‍👦 é e\u0301 \u200b\ufeff ﷽ 𝒳 ½ ² ①",
    "1234567890 3.14 1,000,000 0x1F",
    "<div class='a'>&nbsp;</div> [multimodal <unused",
    "▁▁ ▁a",
]
NUMBERS = [0, 1, 8, 9, 2**31, 2**63, 2**64 - 1]


def file(at: Path, kind: str) -> Path:
    path = at / f"{kind}.gguf"
    writer = gguf.GGUFWriter(path, ARCHITECTURES[kind])
    tiny_tokenizers.write_gguf(writer, "llama" if kind == "phi" else kind)
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()
    return path


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("gguf")


def transformers_tokenizer(path: Path) -> tokenizers.Tokenizer:
    mapping = pytest.importorskip("transformers.integrations.gguf")
    architecture, described, _ = mapping.get_gguf_tokenizer(str(path))
    backend: tokenizers.Tokenizer = mapping.convert_gguf_tokenizer(architecture, described)[0]
    return backend


def ids(backend: tokenizers.Tokenizer, text: str) -> list[int]:
    found: list[int] = backend.encode(text, add_special_tokens=False).ids
    return found


@pytest.mark.slow
@pytest.mark.parametrize("kind", ARCHITECTURES)
def test_it_encodes_as_the_conversion_in_transformers(place: Path, kind: str) -> None:
    path = file(place, kind)
    ours = tokenizers.Tokenizer.from_str(gguf_tokenizer(path).tokenizer_json)
    theirs = transformers_tokenizer(path)

    @given(st.one_of(st.text(), st.text(alphabet="Th dog,\n the ▁<0x>"), st.sampled_from(SAMPLES)))
    def same(text: str) -> None:
        text = text.encode("utf-8", "replace").decode()
        if not any(special in text for special in [*tiny_tokenizers.SPECIALS, *tiny_tokenizers.BYTES]):
            assert ids(ours, text) == ids(theirs, text)
            assert ours.decode(ids(ours, text)) == theirs.decode(ids(theirs, text))

    same()


@pytest.mark.download
@pytest.mark.parametrize("kind", REAL)
def test_real_vocabularies_encode_as_the_conversion_in_transformers(kind: str) -> None:
    path = Path(os.environ.get("STUDIO_TEST_MODELS", "nowhere")) / REAL[kind]
    if not path.is_file():
        pytest.skip(f"STUDIO_TEST_MODELS has no {REAL[kind]}")
    ours = tokenizers.Tokenizer.from_str(gguf_tokenizer(path).tokenizer_json)
    theirs = transformers_tokenizer(path)
    words = sorted(token for token in ours.get_vocab() if len(token) > 2)[::997]

    @settings(max_examples=2000)
    @given(
        st.one_of(
            st.text(), st.sampled_from(SAMPLES), st.lists(st.sampled_from(words)).map("".join),
            st.lists(st.sampled_from(SAMPLES), max_size=4).map(" ".join),
            st.text(alphabet=" \n\t<>ab'sS123é世"),
        )
    )  # fmt: skip
    def same(text: str) -> None:
        text = text.encode("utf-8", "replace").decode()
        assert ids(ours, text) == ids(theirs, text)

    same()
    ours.encode_special_tokens = theirs.encode_special_tokens = True
    assert all(ids(ours, text) == ids(theirs, text) for text in SAMPLES)


def test_what_the_file_says_of_beginning_and_end_is_kept(place: Path) -> None:
    gemma = load_tokenizer(file(place, "gemma"))
    assert (gemma.bos, gemma.eos) == (2, {1, 5})  # <end_of_turn> is no word of the file's, but known
    qwen = load_tokenizer(file(place, "qwen"))
    assert (qwen.bos, qwen.eos) == (None, {0, 2})


def test_a_llama_file_writes_a_space_before_a_text_and_keeps_it(place: Path) -> None:
    llama = load_tokenizer(file(place, "llama"))
    assert llama.decode(llama.encode("The dog")) == " The dog"


def test_places_of_a_vocabulary_that_nothing_uses_write_nothing(tmp_path: Path) -> None:
    path = tmp_path / "model.gguf"
    writer = gguf.GGUFWriter(path, "qwen2")
    writer.add_tokenizer_model("gpt2")
    writer.add_token_list(["a", "b", "ab", "[PAD3]", "<|im_end|>"])
    writer.add_token_types([1, 1, 1, 5, 3])
    writer.add_token_merges(["a b"])
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.close()
    tokenizer = load_tokenizer(path)
    assert tokenizer.decode([2, 3, 4, 0]) == "aba"
    assert tokenizer.eos == {4}


@pytest.mark.parametrize("kind", ["gemma", "llama", "qwen"])
def test_text_is_never_merged_to_a_control_token(place: Path, kind: str) -> None:
    tokenizer = load_tokenizer(file(place, kind))
    text = "".join(tiny_tokenizers.SPECIALS) + "<|im_end|><|im_start|>"
    tokens = tokenizer.encode(text)
    assert not tokenizer.specials & set(tokens)
    assert tokenizer.decode(tokens).removeprefix(" ") == text


@cache
def _whole(kind: str) -> bytes:
    import tempfile

    with tempfile.TemporaryDirectory() as at:
        return file(Path(at), kind).read_bytes()


@given(st.data())
def test_a_damaged_file_is_refused_in_words_or_read(
    tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    whole = bytearray(_whole(data.draw(st.sampled_from(["gemma", "qwen"]))))
    if data.draw(st.booleans()):
        whole = whole[: data.draw(st.integers(0, len(whole) - 1))]
    for _ in range(data.draw(st.integers(0, 3))):
        at = data.draw(st.integers(0, max(0, min(2000, len(whole)) - 8)))
        whole[at : at + 8] = struct.pack(
            "<Q", data.draw(st.sampled_from([0, 1, 8, 9, 2**31, 2**63, 2**64 - 1]))
        )
    path = tmp_path_factory.mktemp("damaged") / "model.gguf"
    path.write_bytes(whole)
    try:
        gguf_tokenizer(path)
    except ModelRefused as refused:
        assert refused.message and refused.hint


@pytest.mark.parametrize(
    "data",
    [b"", b"GGUF", b"GGUF" + struct.pack("<IQQ", 1, 0, 0), b"GGUF" + struct.pack("<IQQ", 3, 2**60, 2**60)],
    ids=["empty", "cut", "old", "huge"],
)
def test_what_is_no_gguf_file_is_refused(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "model.gguf"
    path.write_bytes(data)
    with pytest.raises(ModelRefused, match="damaged"):
        gguf_tokenizer(path)


def test_a_file_without_a_vocabulary_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "model.gguf"
    path.write_bytes(b"GGUF" + struct.pack("<IQQ", 3, 0, 0))
    with pytest.raises(ModelRefused, match="no vocabulary"):
        gguf_tokenizer(path)


def test_the_header_is_the_one_that_gguf_reads(place: Path) -> None:
    path = place / "tensors.gguf"
    writer = gguf.GGUFWriter(path, "llama")
    tiny_tokenizers.write_gguf(writer, "llama")
    import numpy as np

    writer.add_tensor("a", np.arange(6, dtype=np.float32).reshape(2, 3))
    writer.add_tensor("b", np.ones((4, 5, 7), np.float16))
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()
    header, known = read_header(path), gguf.GGUFReader(path)
    assert header.architecture == "llama"
    for key, value in header.metadata.items():
        assert value == known.fields[key].contents()
    for tensor in known.tensors:
        place_ = header.tensors[tensor.name]
        assert (place_.offset, place_.kind) == (tensor.data_offset, tensor.tensor_type)
        assert place_.shape == tuple(reversed(tensor.shape.tolist()))
