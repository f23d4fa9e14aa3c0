import ArgumentParser
import Files
import Pipelines
import Stages
import Training
import Volumes

/// `hilum model data`: what a data set holds, whether its parts leak, and new parts for it.
struct ModelDataCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "data",
        abstract:
            "Look at a data set: format, boxes, problems, leaks between its parts; split it; write it as COCO JSON.")

    @Argument(help: "The data set: its folder, or the file with its annotations.", completion: .file())
    var data: String

    @OptionGroup var reading: DatasetReading

    @Flag(help: "Look for images that stand in several parts under other names, by what they look like.")
    var leaks = false

    @Option(help: "Make new parts: train=0.8,val=0.2.")
    var parts: String?

    @Option(help: "What stays together in new parts: \(SplitUnit.allCases.map(\.rawValue).joined(separator: ", ")).")
    var by = SplitUnit.patient.rawValue

    @Option(help: "Seed of new parts.")
    var seed: UInt64 = 0

    @Flag(help: "Keep images that look the same in one part.")
    var together = false

    @Option(name: .shortAndLong, help: "Write the data set as COCO JSON here.", completion: .file())
    var output: String?

    func validate() throws {
        if SplitUnit(rawValue: by) == nil { throw ValidationError("--by must be patient, site or image") }
        if let parts { _ = try shares(parts) }
    }

    func run() throws {
        var dataset = try reading.load(data, checksExtents: true)
        let pairs = leaks || together ? try nearDuplicates(dataset) : []
        if let parts {
            dataset = try dataset.split(
                try shares(parts), by: SplitUnit(rawValue: by) ?? .patient, seed: seed,
                together: together ? pairs.map { ($0.first, $0.second) } : [])
            Console.out(dataset.summary + "\n")
        }
        if leaks { report(pairs, dataset) }
        if let output {
            let renumbered = dataset.numberApart()
            if renumbered > 0 {
                Console.error(
                    "\(renumbered) images have an id that another part's image has too; they are written with new ids: "
                        + "predictions that name images by the old ones fit only the old files\n")
            }
            try AtomicFile.write(output, text: try dataset.cocoText(extent: DatasetReading.extent) + "\n")
        }
    }

    private func shares(_ text: String) throws -> [(name: String, share: Double)] {
        let shares = text.split(separator: ",").compactMap { part -> (name: String, share: Double)? in
            let words = part.split(separator: "=")
            guard words.count == 2, let share = Double(words[1]), share > 0, share.isFinite else { return nil }
            return (String(words[0]), share)
        }
        guard !shares.isEmpty, shares.count == text.split(separator: ",").count,
            Set(shares.map(\.name)).count == shares.count
        else { throw ValidationError("--parts must be like train=0.8,val=0.2") }
        return shares
    }

    private func nearDuplicates(_ dataset: LabelledDataset) throws -> [LeakCheck.Pair] {
        var hashes: [PerceptualHash] = []
        for (number, image) in dataset.images.enumerated() {
            let volume = try Item(reading: image.path).volume
            hashes.append(
                PerceptualHash(
                    pixels: Array(volume.slice(0)), width: volume.shape.width, height: volume.shape.height))
            Progress.show(number + 1, of: dataset.images.count)
        }
        Progress.clear()
        return LeakCheck().nearDuplicates(hashes)
    }

    private func report(_ pairs: [LeakCheck.Pair], _ dataset: LabelledDataset) {
        let images = dataset.images
        let crossing = pairs.filter { images[$0.first].split != images[$0.second].split }
        let check = LeakCheck()
        Console.out(
            "\(pairs.count) pairs look the same (at most \(check.distance) of 64 bits differ, correlation at least "
                + "\(check.correlation)); \(crossing.count) of them cross parts\n")
        for pair in crossing.prefix(20) {
            let (a, b) = (images[pair.first], images[pair.second])
            Console.out(
                "  \(a.split ?? "-") \(a.name)  \(b.split ?? "-") \(b.name)  \(pair.distance) bits, correlation \(digits(Double(pair.correlation)))\n"
            )
        }
        if crossing.count > 20 { Console.out("  and \(crossing.count - 20) more\n") }
        let shared = LeakCheck.sharedPatients(images)
        if images.contains(where: { $0.patient != nil }) { Console.out("\(shared) patients stand in several parts\n") }
    }
}
