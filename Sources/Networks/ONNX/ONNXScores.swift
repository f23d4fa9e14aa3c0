import Tensors

/// From logits to what is handed out; see `Readout.swift`.
extension ONNXGraph {
    /// A class's logit joined with the IoU logit: that of the geometric mean of both probabilities.
    mutating func jointLogits(_ logits: Value, quality: Value) -> Value {
        let (ofClass, ofBox) = (logSigmoid("scores.class", logits), logSigmoid("scores.quality", quality))
        let mean = binary("Mul", "scores.joint", binary("Add", "scores.sum", ofClass, ofBox), scalar(0.5))
        return binary("Sub", "scores.logit", mean, logOfRest("scores.rest", mean))
    }

    /// `log(1 / (1 + exp(-x)))` without losing digits far from 0: `log1p(e) = 2 atanh(e / (2 + e))`.
    mutating func logSigmoid(_ name: String, _ x: Value) -> Value {
        let size = unary("Abs", name + ".size", x)
        let e = unary("Exp", name + ".exp", unary("Neg", name + ".negative", size))
        let part = binary("Div", name + ".part", e, binary("Add", name + ".divisor", e, scalar(2)))
        let log1p = binary("Mul", name + ".log1p", unary("Atanh", name + ".atanh", part), scalar(2))
        return binary("Sub", name + ".log", binary("Min", name + ".least", x, scalar(0)), log1p)
    }

    /// `log(1 - exp(x))` of a log probability, at most that of 1 - 1e-6: `-expm1(x) = -2 sinh(x / 2) exp(x / 2)`.
    private mutating func logOfRest(_ name: String, _ x: Value) -> Value {
        let half = binary("Mul", name + ".half", binary("Min", name + ".least", x, scalar(-1e-6)), scalar(0.5))
        let sinh = binary("Mul", name + ".sinh2", unary("Sinh", name + ".sinh", half), scalar(-2))
        return unary("Log", name, binary("Mul", name + ".probability", sinh, unary("Exp", name + ".exp", half)))
    }

    /// The calibrated scores `[1, n, classes]`.
    mutating func scores(_ logits: Value, _ calibration: DetectorConfiguration.Calibration) -> Value {
        let scaled = binary("Div", "scores.scaled", logits, scalar(calibration.temperature))
        let shifted = binary("Add", "scores.calibrated", scaled, scalar(calibration.bias))
        return reshape("scores", unary("Sigmoid", "scores.sigmoid", shifted), [1] + logits.shape)
    }

    /// Boxes within the image, `[1, n, 4]`.
    mutating func handedOut(_ boxes: Value, inputSize: Int) -> Value {
        reshape("boxes", clip("boxes.inside", boxes, from: 0, to: Float(inputSize)), [1] + boxes.shape)
    }

    /// The greatest logit of each cell, `[cells]`.
    mutating func greatest(_ logits: Value) -> Value {
        add(
            "ReduceMax", "cells.greatest", [logits], shape: [logits.shape[0]],
            ["axes": .integers([1]), "keepdims": .integer(0)])
    }

    /// The indices of the greatest values and these, greatest first; of equal ones the earlier first.
    mutating func top(_ count: Int, _ name: String, _ x: Value) -> (values: Value, indices: Value) {
        let (values, indices) = (Value(name: name, shape: [count]), Value(name: name + ".indices", shape: [count]))
        add(
            "TopK", name, [x, integers([count])], results: [values, indices],
            ["axis": .integer(0), "largest": .integer(1), "sorted": .integer(1)])
        return (values, indices)
    }

    /// `[1]`: the mean of the strongest cells' logits, which weight and bias make the chance of any finding.
    mutating func abnormality(_ greatest: Value, cells: Int) throws(TensorError) -> Value {
        let strongest = top(cells, "abnormality.strongest", greatest).values
        let mean = add(
            "ReduceMean", "abnormality.mean", [strongest], shape: [1],
            ["axes": .integers([0]), "keepdims": .integer(1)])
        let weighed = binary("Mul", "abnormality.weighed", mean, try weight("abnormality.weight"))
        let logit = binary("Add", "abnormality.logit", weighed, try weight("abnormality.bias"))
        return unary("Sigmoid", "abnormality", logit)
    }
}
