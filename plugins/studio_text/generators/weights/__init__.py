"""Weights of language models: read from files, made smaller, written as ONNX."""
