"""Reads paths of ONNX files, one a line, and prints what the checker of the onnx package finds wrong with them, one a line as JSON."""

import json
import sys

import onnx

for line in sys.stdin:
    path = line.rstrip("\n")
    try:
        # With the types and shapes that it infers: those that the file names must be the same.
        onnx.checker.check_model(path, full_check=True)
    except Exception as error:
        print(json.dumps([path, str(error)]))
