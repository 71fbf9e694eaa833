"""A plugin for the monkey: it works, slowly; now and then it fails, and seldom it takes its process along."""

SOURCE = '''
import ctypes, os, random, time
from typing import Annotated, Literal
from studio.api import *

class SlowParams(Params):
    prompt: Annotated[str, Field(max_length=200), Ui(hint="prompt")] = ""
    style: Literal["plain", "striped", "noisy"] = "plain"
    steps: Annotated[int, Field(ge=1, le=40), Ui(hint="slider", group="Quality")] = 6
    strength: Annotated[float, Field(ge=0, le=1), Ui(hint="slider", group="Quality", advanced=True)] = 0.5
    tile: bool = False

class Slow(Generator):
    """Takes its time."""
    name, title, kind = "slow", "Slow picture", Kind.IMAGE
    inputs = (Input(name="image", title="Photo", kind=Kind.IMAGE, required=False),)
    Params = SlowParams

    def generate(self, params, run):
        import io
        from PIL import Image
        luck = random.Random(run.seed)
        if luck.random() < 0.03:
            raise BadInput("This seed brings bad luck.", "Take another one.")
        if luck.random() < 0.01:
            ctypes.string_at(0)
        size = (luck.choice((32, 64, 200)), luck.choice((32, 64, 150)))
        for step in range(params.steps):
            time.sleep(luck.uniform(0.0, 0.04))
            run.progress(step, params.steps, f"step {step}")
            if step % 4 == 0:
                data = io.BytesIO()
                Image.new("RGB", size, (step * 6 % 256, 90, 120)).save(data, "PNG")
                run.preview(data.getvalue())
        path = run.scratch / "made.png"
        Image.effect_noise(size, 10 + run.seed % 90).convert("RGB").save(path)
        yield NewArtifact(path, Kind.IMAGE, f"{params.style} {run.seed}")

class WordsParams(SlowParams):
    drafts: Annotated[int, Field(ge=1, le=6), Ui(hint="slider")] = 2

class Words(Generator):
    """Writes a little."""
    name, title, kind = "words", "Slow words", Kind.TEXT
    Params = WordsParams

    def generate(self, params, run):
        luck = random.Random(run.seed)
        texts = [""] * params.drafts
        words = ("sky ", "wren ", "**dune** ", "night.\\n\\n", "\\n- ", "# ", "|a|b|\\n|-|-|\\n", "> ")
        for place in range(luck.randint(1, 80)):
            run.check()
            time.sleep(luck.uniform(0.0, 0.005))
            for draft in range(params.drafts):
                word = luck.choice(words)
                texts[draft] += word
                run.text(word, draft)
            run.numbers(Number("tokens_per_second", "Speed", luck.uniform(1, 200)))
        for number, text in enumerate(texts):
            path = run.scratch / f"{number}.md"
            path.write_text(text + "end", encoding="utf-8")
            yield NewArtifact(path, Kind.TEXT, f"words {run.seed}")

@hookimpl
def register_generators():
    return [Slow, Words]
'''
