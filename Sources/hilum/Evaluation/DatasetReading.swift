import ArgumentParser
import JPEG
import PNG
import Pipelines
import Stages
import Training
import Volumes

/// How commands name a data set, and how it is read.
struct DatasetReading: ParsableArguments {
    @Option(
        name: .customLong("format"),
        help: ArgumentHelp(
            "What the data set is: \(DatasetFormat.allCases.map(\.rawValue).joined(separator: ", ")). [default: found out from its content]"
        ))
    var formatName: String?

    @Option(name: .customLong("boxes"), help: "Boxes that leave their image: refuse the data set, or clip.")
    var boxRule = BoxRule.refuse.rawValue

    @Option(help: "Uncertain labels (-1): \(UncertainLabels.allCases.map(\.rawValue).joined(separator: ", ")).")
    var uncertain = UncertainLabels.ones.rawValue

    @Option(help: "Of several readers an image: all, consensus (boxes that two drew), or one reader's name.")
    var readers = "all"

    @Option(help: "Folder of the images, when it is not where the format says.", completion: .directory)
    var images: String?

    @Flag(help: "Leave images out whose file is missing or of a kind that is not read, and count them.")
    var skipMissing = false

    func validate() throws {
        if let formatName, DatasetFormat(rawValue: formatName) == nil {
            throw ValidationError(
                "--format must be one of \(DatasetFormat.allCases.map(\.rawValue).joined(separator: ", "))")
        }
        if BoxRule(rawValue: boxRule) == nil { throw ValidationError("--boxes must be refuse or clip") }
        if UncertainLabels(rawValue: uncertain) == nil {
            throw ValidationError(
                "--uncertain must be one of \(UncertainLabels.allCases.map(\.rawValue).joined(separator: ", "))")
        }
    }

    /// What was given and is not the default, as it is written; without places, which are everybody's own.
    var arguments: [(name: String, value: String?)] {
        let all: [(name: String, value: String?, isGiven: Bool)] = [
            ("--format", formatName, formatName != nil), ("--boxes", boxRule, boxRule != BoxRule.refuse.rawValue),
            ("--uncertain", uncertain, uncertain != UncertainLabels.ones.rawValue),
            ("--readers", readers, readers != "all"), ("--images", "IMAGES", images != nil),
            ("--skip-missing", nil, skipMissing),
        ]
        return all.filter(\.isGiven).map { ($0.name, $0.value) }
    }

    /// Reads the data set and says on standard error what was recognised and what was mended.
    /// - Parameters:
    ///   - quiet: says only what was mended.
    ///   - checksExtents: looks into the files whether they have the size that the data set tells.
    func load(_ path: String, quiet: Bool = false, checksExtents: Bool = false) throws -> LabelledDataset {
        var options = DatasetOptions(extent: DatasetReading.extent)
        options.boxes = BoxRule(rawValue: boxRule) ?? .refuse
        options.uncertain = UncertainLabels(rawValue: uncertain) ?? .ones
        options.readers = readers == "all" ? .all : readers == "consensus" ? .consensus : .one(readers)
        options.imageFolder = images
        options.skipsMissingFiles = skipMissing
        options.checksExtents = checksExtents
        let dataset = try LabelledDataset(
            path: path, format: formatName.flatMap { DatasetFormat(rawValue: $0) }, options: options)
        if !quiet { Console.error(dataset.summary + "\n") }
        for problem in dataset.problemSummary { Console.error("  \(problem)\n") }
        return dataset
    }

    /// Width and height from the header; of a DICOM file from the whole.
    @Sendable static func extent(_ path: String) throws(TrainingError) -> PixelExtent {
        do {
            if let header = try? PNGFile.header(path: path) {
                return PixelExtent(width: header.width, height: header.height)
            }
            if let header = try? JPEGFile.header(path: path) {
                return PixelExtent(width: header.width, height: header.height, isTurned: header.isTurned)
            }
            return try Item(reading: path).extent
        } catch {
            throw .unreadable(path: path, reason: "\(error)")
        }
    }
}
