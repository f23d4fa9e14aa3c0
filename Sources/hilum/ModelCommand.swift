import ArgumentParser
import Foundation
import Networks
import Pipelines
import Stages
import Tensors

struct ModelCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "model", abstract: "Shipped and trained models.",
        subcommands: [
            List.self, Info.self, ModelDataCommand.self, ModelTrainCommand.self, ModelEvaluateCommand.self,
            ModelQuantizeCommand.self, ModelConvertCommand.self,
        ])

    struct List: ParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Names of the shipped models.")

        func run() throws {
            for name in ModelLibrary.names { Console.out(name + "\n") }
        }
    }

    struct Info: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "A model's network, classes, digest, and what computes it here.")

        @Argument(help: "Name of a shipped model, or a model's folder.")
        var model: String

        func run() throws {
            let model = try ModelLibrary.model(named: model)
            let configuration = model.detector.configuration
            let memory = model.detector.memory
            let card = "\(model.directory)/README.md"
            let lines = [
                ("name", configuration.name), ("classes", configuration.classes.joined(separator: ", ")),
                ("input", "\(configuration.inputSize) x \(configuration.inputSize), one channel in [0, 1]"),
                ("parameters", "\(configuration.parameterCount)"),
                ("threshold", "\(configuration.recommendedThreshold)"),
                ("computes", "\(model.detector.backend)"), ("processor", "\(Processor.features)"),
                ("memory", "\(memory.weights >> 20) MB of weights, \(memory.arena >> 20) MB an image"),
                ("sha256", model.digest),
                ("card", FileManager.default.fileExists(atPath: card) ? card : "none"),
                ("notice", "Research software. Not for clinical use."),
            ]
            for (key, value) in lines {
                Console.out(key + String(repeating: " ", count: 12 - key.count) + value + "\n")
            }
        }
    }
}
