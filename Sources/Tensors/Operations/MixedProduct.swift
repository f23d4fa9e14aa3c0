import CKernels

/// Products whose operands are rounded to bfloat16 and whose sums are float32: mixed precision (Micikevicius et al. 2018).
/// Weights, gradients and everything between products stay float32.
///
/// Where the processor multiplies no bfloat16, operands are rounded and OpenBLAS multiplies: the same numbers up to the order
/// of sums, at the speed of float32.
enum MixedProduct {
    /// `c = op(a) * op(b) + bias`, row-major and without gaps; `op(a)` is `[rows, inner]`, `op(b)` `[inner, columns]`.
    static func multiply(
        _ a: UnsafePointer<Float>, transposeA: Bool, _ b: UnsafePointer<Float>, transposeB: Bool,
        bias: UnsafePointer<Float>?, into c: UnsafeMutablePointer<Float>, rows: Int, columns: Int, inner: Int
    ) {
        guard Processor.features.isSuperset(of: .reduced) else {
            return multiplyRounded(
                a, transposeA: transposeA, b, transposeB: transposeB, bias: bias, into: c, rows: rows, columns: columns,
                inner: inner)
        }
        let (left, right) = (
            Storage(count: mixed_size(rows, inner)), Storage(count: mixed_size(columns, inner))
        )
        left.base.withMemoryRebound(to: UInt32.self, capacity: left.count) { left in
            right.base.withMemoryRebound(to: UInt32.self, capacity: right.count) { right in
                if transposeA {
                    mixed_panels(a, rows, inner, 1, left)
                } else {
                    mixed_rows(a, rows, inner, left)
                }
                mixed_panels(b, columns, inner, transposeB ? 0 : 1, right)
                mixed_product(left, transposeA ? 1 : 0, right, rows, columns, inner, bias, c)
            }
        }
    }

    /// The same for any processor.
    static func multiplyRounded(
        _ a: UnsafePointer<Float>, transposeA: Bool, _ b: UnsafePointer<Float>, transposeB: Bool,
        bias: UnsafePointer<Float>?, into c: UnsafeMutablePointer<Float>, rows: Int, columns: Int, inner: Int
    ) {
        let (left, right) = (Storage(count: rows * inner), Storage(count: columns * inner))
        mixed_round(a, left.base, left.count)
        mixed_round(b, right.base, right.count)
        BLAS.multiply(
            left.base, transposeA: transposeA, right.base, transposeB: transposeB, bias: bias, into: c, rows: rows,
            columns: columns, inner: inner)
    }
}

extension BLAS {
    /// `c = op(a) * op(b) + bias`, without gaps between rows.
    static func multiply(
        _ a: UnsafePointer<Float>, transposeA: Bool, _ b: UnsafePointer<Float>, transposeB: Bool,
        bias: UnsafePointer<Float>?, into c: UnsafeMutablePointer<Float>, rows: Int, columns: Int, inner: Int
    ) {
        if let bias { for row in 0..<rows { (c + row * columns).update(from: bias, count: columns) } }
        multiply(
            a, transposeA: transposeA, b, transposeB: transposeB, into: c, rows: rows, columns: columns, inner: inner,
            strides: (transposeA ? rows : inner, transposeB ? inner : columns, columns), keep: bias == nil ? 0 : 1)
    }
}
