import ArgumentParser

struct ModelEvaluateCommand: ParsableCommand {
    static let configuration = CommandConfiguration(commandName: "evaluate", abstract: "Measure a model on a data set.")
}
