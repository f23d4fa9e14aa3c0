import Files
import Foundation
package import Tensors

/// What is known after an epoch: everything that the next one needs.
package struct TrainingState: Sendable {
    package var parameters: [String: Tensor]
    /// The moving average, which is measured and shipped.
    package var average: [String: Tensor]
    package var optimiser: AdamW
    package var stopping = EarlyStopping()
    /// The average at the best look at the validation part.
    package var best: [String: Tensor]?
    package var history: [EpochRecord] = []

    package init(parameters: [String: Tensor], decay: Float) {
        (self.parameters, average) = (parameters, parameters)
        optimiser = AdamW(decay: decay)
    }

    /// Epochs that are done.
    package var epoch: Int { history.count }
}

/// What came of one epoch: means over its steps, and what the validation part said if it was looked at.
package struct EpochRecord: Sendable, Hashable, Codable {
    package var epoch: Int
    package var steps: Int
    package var size: Int
    package var rate: Double
    package var total: Double
    package var dense: Double
    package var queries: Double
    package var abnormality: Double
    package var mask: Double
    package var reconstruction: Double
    /// The mean length of the gradient before clipping.
    package var gradient: Double
    package var seconds: Double
    /// Average precision at IoU 0.5, classes ignored, of each readout.
    package var validationDense: Double?
    package var validationQueries: Double?
    /// What the teacher says otherwise; nil without one.
    package var distillation: Double?

    package static let columns = [
        "epoch", "steps", "size", "rate", "total", "dense", "queries", "abnormality", "mask", "reconstruction",
        "gradient", "seconds", "validation_dense_ap50", "validation_queries_ap50", "distillation",
    ]

    var line: String {
        let optional = [validationDense, validationQueries, distillation].map { $0.map { "\($0)" } ?? "" }
        return
            ([
                "\(epoch)", "\(steps)", "\(size)", "\(rate)", "\(total)", "\(dense)", "\(queries)", "\(abnormality)",
                "\(mask)", "\(reconstruction)", "\(gradient)", "\(seconds)",
            ] + optional).joined(separator: ",")
    }
}

/// The losses of all epochs as CSV.
package func historyCSV(_ history: [EpochRecord]) -> String {
    ([EpochRecord.columns.joined(separator: ",")] + history.map(\.line)).joined(separator: "\n") + "\n"
}
