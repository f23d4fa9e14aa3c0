import ArgumentParser
import Pipelines
import Training

/// What of a data set a command takes.
struct DatasetSelection: ParsableArguments {
    @OptionGroup var reading: DatasetReading

    @Option(help: "The part to take; a data set without parts is taken whole. [default: val]")
    var split: String?

    @Option(help: "Only N images, at even steps through the part, for a quick look.")
    var limit: Int?

    func validate() throws {
        if let limit, limit < 1 { throw ValidationError("--limit must be above 0") }
    }

    /// What was given.
    var given: [String] {
        named([("--split", split != nil), ("--limit", limit != nil)]) + reading.arguments.map(\.name)
    }

    func load(_ path: String) throws -> LabelledDataset { try reading.load(path) }

    /// The images of the part, in the order of the data set.
    func selected(_ dataset: LabelledDataset) throws -> (images: [LabelledImage], part: String) {
        let parts = Set(dataset.images.compactMap(\.split))
        let name = parts.isEmpty && split == nil ? nil : split ?? "val"
        let chosen = name.map { name in dataset.images.filter { $0.split == name } } ?? dataset.images
        guard !chosen.isEmpty else {
            throw UsageError(
                "\(dataset.path) has no images in the part '\(name ?? "")'; "
                    + (parts.isEmpty
                        ? "it has no parts: leave out --split" : "there are \(parts.sorted().joined(separator: ", "))"))
        }
        let count = min(limit ?? chosen.count, chosen.count)
        return ((0..<count).map { chosen[(2 * $0 + 1) * chosen.count / (2 * count)] }, name ?? "all")
    }
}
