package import Tensors

#if canImport(Glibc)
    import Glibc
#endif

/// Knowledge distillation (Hinton et al. 2015): the student also learns the teacher's class scores at every cell, softened by a
/// temperature. Each class has a logit of its own, so that the divergence is that of two coins, not of one die.
package struct Distillation: Sendable, Hashable {
    package var temperature: Float
    /// The teacher's part of the loss; the labels have the rest.
    package var alpha: Float

    package init(temperature: Float = 4, alpha: Float = 0.7) { (self.temperature, self.alpha) = (temperature, alpha) }

    /// `T² KL(teacher at T || student at T)`, summed over cells and classes and divided by `divisor`: `[1]`.
    ///
    /// - Parameters: both logits are `[batch, cells, classes]`; the teacher's are constants.
    package func callAsFunction(
        student: Variable, teacher: Tensor, divisor: Float
    ) throws(TensorError) -> Variable {
        guard student.shape == teacher.shape else {
            throw .shapeMismatch(operation: "distillation", expected: "\(student.shape)", found: teacher.shape)
        }
        let t = Double(temperature)
        var sum = 0.0
        let slopes = Tensor(student.shape) { out in
            student.value.withUnsafeElements { s in
                teacher.withUnsafeElements { q in
                    for i in out.indices {
                        let (own, goal) = (Double(s[i]) / t, Double(q[i]) / t)
                        let (p, wanted) = (1 / (1 + exp(-own)), 1 / (1 + exp(-goal)))
                        // log(1 + exp(x)) without overflow; the divergence of two coins from their logits.
                        let (softOwn, softGoal) = (
                            max(own, 0) + log1p(exp(-abs(own))), max(goal, 0) + log1p(exp(-abs(goal)))
                        )
                        sum += t * t * (wanted * (goal - own) + softOwn - softGoal)
                        out[i] = Float(t * (p - wanted)) / divisor
                    }
                }
            }
        }
        return try scalar("distillation", student, Float(sum) / divisor, slopes)
    }
}
