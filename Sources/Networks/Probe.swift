import Tensors

/// Takes notes while the network runs: what an explanation needs, and nothing before it.
///
/// Without a probe a forward pass records no gradients and keeps no activations.
package final class Probe {
    /// From where on gradients are recorded.
    enum Start: Equatable {
        case nowhere
        /// The last tokens before stage 2 (`Trunk` says which), so that all of it and the head are differentiated.
        case stage2
        /// The input of one block of stage 2, counted among those that run.
        case block(Int)
    }

    let tape = Tape()
    let start: Start
    /// Of each block of stage 2: its input `[1, tokens, channels]`; block i's input is block i - 1's output.
    private(set) var inputs: [Variable] = []
    /// Of each block of stage 2: its first norm's output.
    private(set) var firstNorms: [Variable] = []
    /// Of each block of stage 2: attention `[1, heads, tokens, tokens]`.
    private(set) var attention: [Variable] = []

    /// The output of the last block of stage 2, and of the norm behind it.
    private(set) var output: Variable?
    private(set) var finalNorm: Variable?

    init(from start: Start) { self.start = start }

    func enterStage2(_ x: Variable) -> Variable { start == .stage2 ? tape.watch(x.value) : x }

    func enterBlock(_ x: Variable) -> Variable {
        let watched = start == .block(inputs.count) ? tape.watch(x.value) : x
        inputs.append(watched)
        return watched
    }

    func leaveStage2(_ output: Variable, normed: Variable) {
        self.output = output
        finalNorm = normed
    }

    /// Where attention is not kept.
    func leaveBlock(firstNorm: Variable) { firstNorms.append(firstNorm) }

    func leaveBlock(firstNorm: Variable, attention probabilities: Variable) {
        firstNorms.append(firstNorm)
        attention.append(probabilities)
    }
}
