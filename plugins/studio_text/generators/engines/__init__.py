"""Language models that run: tokenizers, chat templates, ONNX Runtime and torch."""
