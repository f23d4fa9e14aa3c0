import CKernels

/// e to a power in [-700, 700], from plain arithmetic: the same bits on every processor, which no mathematical library promises.
public func elementaryExp(_ x: Double) -> Double { hk_exp(x) }

/// The natural logarithm of a number above 0, in the same way.
public func elementaryLog(_ x: Double) -> Double { hk_log(x) }
