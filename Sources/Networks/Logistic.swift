#if canImport(Glibc)
    import Glibc
#endif

/// 1 / (1 + exp(-x)).
func logistic(_ x: Float) -> Float { 1 / (1 + exp(-x)) }

/// log(logistic(x)) without losing digits far from 0.
func logSigmoid(_ x: Float) -> Float { min(x, 0) - log1p(exp(-abs(x))) }

/// The logit of exp(logProbability).
func logit(logProbability: Float) -> Float {
    let p = min(logProbability, -1e-6)
    return logProbability - log(-expm1(p))
}
