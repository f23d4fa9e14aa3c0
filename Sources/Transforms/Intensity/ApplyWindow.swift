import CKernels
import Foundation
public import Volumes

extension Window {
    /// One value through the window into `output`, in double precision.
    ///
    /// LINEAR, PS3.3 C.11.2.1.2.1: `x <= c - 1/2 - (w-1)/2` gives the least output, `x > c - 1/2 + (w-1)/2` the
    /// greatest, else `((x - (c - 1/2)) / (w-1) + 1/2) * (max - min) + min`. LINEAR_EXACT (C.11.2.1.3.2) is the same
    /// with `c` and `w`; SIGMOID (C.11.2.1.3.1) is `(max - min) / (1 + exp(-4 (x - c) / w)) + min`.
    public func callAsFunction(_ value: Double, output: ClosedRange<Double> = 0...1) -> Double {
        let range = output.upperBound - output.lowerBound
        if function == .sigmoid {
            return range / (1 + exp(-4 * (value - center) / width)) + output.lowerBound
        }
        let (c, w) = reduced
        if value <= c - w / 2 { return output.lowerBound }
        if value > c + w / 2 { return output.upperBound }
        return ((value - c) / w + 0.5) * range + output.lowerBound
    }

    /// Centre and width as the linear formulas use them.
    fileprivate var reduced: (center: Double, width: Double) {
        function == .linear ? (center - 0.5, width - 1) : (center, width)
    }
}

extension Volume {
    /// Maps voxels through a window into `output`, computed in double precision and rounded once.
    ///
    /// - Throws: `TransformError` when the width is below 1 (LINEAR) or not positive (the others), or when a voxel is NaN or
    ///   infinite.
    public mutating func apply(_ window: Window, output: ClosedRange<Double> = 0...1) throws(TransformError) {
        guard window.center.isFinite, window.width.isFinite,
            window.function == .linear ? window.width >= 1 : window.width > 0
        else {
            throw TransformError(
                .invalidOption,
                window.function == .linear
                    ? "a linear window needs a width of at least 1 (PS3.3 C.11.2.1.2.1), found \(window.width)"
                    : "a window needs a width above 0, found \(window.width)")
        }
        try storage.checkFinite()
        mapValues { span in
            span.withUnsafeMutableBufferPointer { buffer in
                guard let base = buffer.baseAddress else { return }
                if window.function == .sigmoid {
                    for index in buffer.indices { buffer[index] = Float(window(Double(buffer[index]), output: output)) }
                } else {
                    let (center, width) = window.reduced
                    hk_window(
                        base, buffer.count, center, width, output.lowerBound, output.upperBound - output.lowerBound)
                }
            }
        }
        attributes.forgetScale()
    }
}
