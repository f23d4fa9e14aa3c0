import Files
import Foundation
import Tensors

/// A training's state on disk: `checkpoint.json` names the file of tensors that belongs to it.
///
/// Tensors are written first, under a name of the epoch; the JSON's rename is the moment at which they count. A kill at any
/// time leaves one complete checkpoint.
package struct Checkpoint: Sendable {
    package let folder: String
    /// Of recipe and data set, which must not change between the parts of one training.
    package let digest: String

    package init(folder: String, digest: String) { (self.folder, self.digest) = (folder, digest) }

    private struct Head: Codable {
        var digest: String
        var tensors: String
        var step: Int
        var stopping: EarlyStopping
        var history: [EpochRecord]
    }

    private var headPath: String { folder + "/checkpoint.json" }

    /// - Throws: `TrainingError.unwritable`; the checkpoint before is then still whole.
    package func write(_ state: TrainingState) throws(TrainingError) {
        var tensors: [String: Tensor] = [:]
        for (name, value) in state.parameters { tensors["parameters/" + name] = value }
        for (name, value) in state.average { tensors["average/" + name] = value }
        for (name, value) in state.best ?? [:] { tensors["best/" + name] = value }
        for (name, moments) in state.optimiser.moments {
            tensors["mean/" + name] = moments.mean
            tensors["square/" + name] = moments.square
        }
        let name = Self.tensorsName(state.epoch)
        let head = Head(
            digest: digest, tensors: name, step: state.optimiser.step, stopping: state.stopping, history: state.history)
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys]
        let text: String
        do { text = String(decoding: try encoder.encode(head), as: UTF8.self) + "\n" } catch {
            throw .checkpoint(path: headPath, reason: "holds a number that JSON cannot have")
        }
        do throws(FileError) {
            try AtomicFile.write("\(folder)/\(name)") { (sink) throws(FileError) in
                try forEachSafetensorsPart(tensors) { (part) throws(FileError) in try sink.write(part) }
            }
            try AtomicFile.write(headPath, text: text)
        } catch { throw .unwritable(error) }
        for other in (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
        where Self.epoch(of: other).map({ $0 < state.epoch }) == true { unlink("\(folder)/\(other)") }
    }

    private static func tensorsName(_ epoch: Int) -> String { "checkpoint-\(epoch).safetensors" }

    /// Nil for what is no checkpoint of this program: the folder may hold other people's.
    private static func epoch(of name: String) -> Int? {
        name.split { !$0.isNumber }.first.flatMap { Int($0) }.flatMap { tensorsName($0) == name ? $0 : nil }
    }

    /// - Returns: nil when there is none.
    /// - Throws: `TrainingError.checkpoint` for one of another recipe or data set, or one that is damaged.
    package func read(decay: Float) throws(TrainingError) -> TrainingState? {
        guard FileManager.default.fileExists(atPath: headPath) else { return nil }
        let head: Head
        do {
            head = try JSONDecoder().decode(Head.self, from: Data(contentsOf: URL(fileURLWithPath: headPath)))
        } catch { throw .checkpoint(path: headPath, reason: "cannot be read: \(error.localizedDescription)") }
        guard head.digest == digest else {
            throw .checkpoint(path: headPath, reason: "belongs to another recipe or data set")
        }
        do throws(TensorError) {
            var file = try WeightFile(path: "\(folder)/\(head.tensors)")
            var parts: [String: [String: Tensor]] = [:]
            for name in file.names {
                let pieces = name.split(separator: "/", maxSplits: 1).map(String.init)
                guard pieces.count == 2 else { throw .weights(path: file.path, tensor: name, .unexpected) }
                parts[pieces[0], default: [:]][pieces[1]] = try file.take(name)
            }
            let parameters = parts["parameters"] ?? [:]
            var state = TrainingState(parameters: parameters, decay: decay)
            state.average = parts["average"] ?? [:]
            state.best = parts["best"]
            var moments: [String: (mean: Tensor, square: Tensor)] = [:]
            for (name, parameter) in parameters {
                guard let mean = parts["mean"]?[name], let square = parts["square"]?[name],
                    mean.shape == parameter.shape, square.shape == parameter.shape,
                    state.average[name]?.shape == parameter.shape
                else { throw .weights(path: file.path, tensor: name, .missing) }
                moments[name] = (mean, square)
            }
            state.optimiser = AdamW(continuing: state.optimiser, step: head.step, moments: moments)
            (state.stopping, state.history) = (head.stopping, head.history)
            return state
        } catch { throw .checkpoint(path: headPath, reason: error.description) }
    }
}
