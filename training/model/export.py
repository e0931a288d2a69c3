"""Write the trained model as two graphs over one file of weights.

`model.onnx` multiplies whole numbers (dynamic int8), `model-fp32.onnx` turns the same stored
numbers back into floats when it is loaded; the engine uses it where int8 saturates. Weights lie
outside of the graphs in `weights.bin`, so that the second graph costs a few kilobytes.
Operators: ONNX opset 17 and the contributed ones of onnxruntime.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import numpy as np
import numpy.typing as npt
import onnx
from onnx import TensorProto, helper

from amends_engine.triage.model.pieces import WINDOW
from training.model.encoder import LAYERS

Floats = npt.NDArray[np.float32]
Array = npt.NDArray[np.generic]

WEIGHTS = "weights.bin"
GRAPHS = {"model.onnx": True, "model-fp32.onnx": False}
CONTRIBUTED = "com.microsoft"
HEADS = 12
EPSILON = 1e-12
ALIGNMENT = 64
KINDS = {"float32": TensorProto.FLOAT, "int8": TensorProto.INT8, "int64": TensorProto.INT64}


class WeightFile:
    """Collects tensors in one file; the same name is stored once, whichever graph asks for it."""

    def __init__(self, path: Path) -> None:
        self._path, self._content = path, bytearray()
        self._places: dict[str, onnx.TensorProto] = {}

    def add(self, name: str, value: Array) -> onnx.TensorProto:
        """Return the tensor's description, which points into the file."""
        if name not in self._places:
            self._content += b"\0" * (-len(self._content) % ALIGNMENT)
            tensor = onnx.TensorProto(
                name=name,
                data_type=KINDS[str(value.dtype)],
                dims=value.shape,
                data_location=TensorProto.EXTERNAL,
            )
            content = np.ascontiguousarray(value).tobytes()
            for key, text in (
                ("location", WEIGHTS),
                ("offset", str(len(self._content))),
                ("length", str(len(content))),
            ):
                tensor.external_data.add(key=key, value=text)
            self._content += content
            self._places[name] = tensor
        return self._places[name]

    def write(self) -> None:
        self._path.write_bytes(bytes(self._content))


class GraphBuilder:
    """Builds one graph; `is_whole` chooses between whole numbers and floats."""

    def __init__(self, weights: Mapping[str, Floats], file: WeightFile, *, is_whole: bool) -> None:
        self._weights, self._file, self._is_whole = weights, file, is_whole
        self._nodes: list[onnx.NodeProto] = []
        self._initial: dict[str, onnx.TensorProto] = {}

    def build(self) -> onnx.ModelProto:
        """Return the graph: `pieces` (1 × n) in, `logits`, `pooled` and `shares` out."""
        x = self._embed()
        for number in range(LAYERS):
            x = self._layer(x, number)
        self._answer(x)
        width, outputs = self._weights["head.weight"].shape[::-1]
        graph = helper.make_graph(
            self._nodes,
            "amends-model",
            [helper.make_tensor_value_info("pieces", TensorProto.INT64, [1, "n"])],
            [
                helper.make_tensor_value_info("logits", TensorProto.FLOAT, [1, outputs]),
                helper.make_tensor_value_info("pooled", TensorProto.FLOAT, [1, width]),
                helper.make_tensor_value_info("shares", TensorProto.FLOAT, [1, "n", outputs]),
            ],
            list(self._initial.values()),
        )
        opsets = [helper.make_opsetid("", 17), helper.make_opsetid(CONTRIBUTED, 1)]
        model = helper.make_model(graph, opset_imports=opsets)
        model.ir_version = 9
        return model

    def _node(self, kind: str, inputs: list[str], outputs: list[str], **options: object) -> str:
        self._nodes.append(helper.make_node(kind, inputs, outputs, **options))
        return outputs[0]

    def _stored(self, name: str, value: Array) -> str:
        self._initial[name] = self._file.add(name, value)
        return name

    def _constant(self, name: str, values: list[int]) -> str:
        self._initial[name] = helper.make_tensor(name, TensorProto.INT64, [len(values)], values)
        return name

    def _embed(self) -> str:
        numbers, scales = quantise_rows(self._weights["encoder.word.weight"])
        self._stored("word.numbers", numbers)
        self._stored("word.scales", scales[:, None])
        self._node("Gather", ["word.numbers", "pieces"], ["word.picked"])
        self._node("Cast", ["word.picked"], ["word.floats"], to=TensorProto.FLOAT)
        self._node("Gather", ["word.scales", "pieces"], ["word.scale"])
        self._node("Mul", ["word.floats", "word.scale"], ["word"])
        self._stored("positions", self._weights["encoder.position.weight"][:WINDOW])
        self._node("Shape", ["pieces"], ["shape"])
        self._node("Gather", ["shape", self._constant("one", [1])], ["count"])
        zero = self._constant("zero", [0])
        self._node("Slice", ["positions", zero, "count", zero], ["position"])
        self._node("Add", ["word", "position"], ["embedded"])
        norm = [
            self._stored("norm.weight", self._weights["encoder.norm.weight"]),
            self._stored("norm.bias", self._weights["encoder.norm.bias"]),
        ]
        return self._node(
            "LayerNormalization", ["embedded", *norm], ["x"], axis=-1, epsilon=EPSILON
        )

    def _layer(self, x: str, number: int) -> str:
        name, own = f"layer{number}", f"encoder.layers.{number}"
        width = self._weights["encoder.norm.weight"].shape[0]
        joined = self._linear(x, f"{own}.query_key_value", f"{name}.joined")
        parts = [f"{name}.query", f"{name}.key", f"{name}.value"]
        self._node("Split", [joined, self._constant("thirds", [width] * 3)], parts, axis=-1)
        self._node(
            "MultiHeadAttention", parts, [f"{name}.seen"], domain=CONTRIBUTED, num_heads=HEADS
        )
        seen = self._linear(f"{name}.seen", f"{own}.attention_out", f"{name}.attended")
        x = self._add_and_normalise(x, seen, f"{own}.attention_norm", f"{name}.middle")
        inner = self._linear(x, f"{own}.inner", f"{name}.inner")
        self._node("Gelu", [inner], [f"{name}.bent"], domain=CONTRIBUTED)
        outer = self._linear(f"{name}.bent", f"{own}.outer", f"{name}.outer")
        return self._add_and_normalise(x, outer, f"{own}.output_norm", f"{name}.out")

    def _add_and_normalise(self, x: str, added: str, norm: str, out: str) -> str:
        parts = [
            self._stored(f"{norm}.{one}", self._weights[f"{norm}.{one}"])
            for one in ("weight", "bias")
        ]
        return self._node(
            "SkipLayerNormalization", [x, added, *parts], [out], domain=CONTRIBUTED, epsilon=EPSILON
        )

    def _linear(self, x: str, name: str, out: str) -> str:
        numbers, scales = quantise_rows(self._weights[f"{name}.weight"])
        stored = self._stored(f"{name}.numbers", numbers.T)
        scale = self._stored(f"{name}.scales", scales)
        bias = self._stored(f"{name}.bias", self._weights[f"{name}.bias"])
        if self._is_whole:
            return self._node(
                "DynamicQuantizeMatMul",
                [x, stored, scale, "", bias],
                [out],
                domain=CONTRIBUTED,
            )
        self._node("DequantizeLinear", [stored, scale], [f"{out}.weight"], axis=1)
        self._node("MatMul", [x, f"{out}.weight"], [f"{out}.product"])
        return self._node("Add", [f"{out}.product", bias], [out])

    def _answer(self, x: str) -> None:
        head = self._stored("head.weight", self._weights["head.weight"].T)
        bias = self._stored("head.bias", self._weights["head.bias"])
        self._node("ReduceMean", [x], ["pooled"], axes=[1], keepdims=0)
        self._node("MatMul", ["pooled", head], ["scores"])
        self._node("Add", ["scores", bias], ["logits"])
        self._node("MatMul", [x, head], ["shares"])


def quantise_rows(weights: Floats) -> tuple[npt.NDArray[np.int8], Floats]:
    """Return each row as numbers of -127 to 127 and the scale that turns them back."""
    scales = np.abs(weights).max(axis=1) / 127
    scales[scales == 0] = 1.0
    numbers = np.clip(np.round(weights / scales[:, None]), -127, 127).astype(np.int8)
    return numbers, scales.astype(np.float32)


def export_model(weights: Mapping[str, Floats], *, folder: Path) -> None:
    """Write both graphs and their weights into `folder`."""
    folder.mkdir(parents=True, exist_ok=True)
    file = WeightFile(folder / WEIGHTS)
    for name, is_whole in GRAPHS.items():
        graph = GraphBuilder(weights, file, is_whole=is_whole).build()
        (folder / name).write_bytes(graph.SerializeToString())
    file.write()
