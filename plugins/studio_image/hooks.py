"""What the image plugin offers to workers. Nothing heavy is imported until a generator runs."""

from __future__ import annotations

from studio.api import Generator, hookimpl, tr


@hookimpl
def register_generators() -> list[type[Generator]]:
    from studio_image.generators.inpaint import Inpaint

    return [Inpaint]


@hookimpl
def explain_error(error: Exception) -> str | None:
    words = str(error).lower()
    if type(error).__name__ == "OutOfMemoryError" or "out of memory" in words:
        return tr(
            "Close other programs that use the graphics card, or choose a smaller model, then try again."
        )
    if type(error).__module__.startswith("onnxruntime") or type(error).__name__ in ("InvalidGraph", "Fail"):
        return tr(
            "This model does not work as an inpainting model. Choose one that takes a picture and a mask."
        )
    return None
