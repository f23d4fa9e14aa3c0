import DICOM
import Files
import Pipelines
import Volumes

/// Units of DICOM series, which are named once all files are known.
extension Discovery {
    /// - Parameter number: of the volume among those of its file; nil when it is the only one.
    func unit(
        of series: Series, _ files: [FileWalk.File], _ number: Int?, _ used: inout ItemNames
    ) -> WorkUnit<ItemInput> {
        var name = files[0].itemName + (number.map { "-\($0)" } ?? "")
        if files.count > 1 || files[0].isAmbiguous || !used.isFree(name) {
            let folder = commonFolder(files.map(\.relativePath))
            let digest = Digest.of(series.key.seriesInstanceUID + files.map(\.relativePath).joined(separator: "\n"))
            let label = "\(series.modality)-\(series.seriesNumber.map(String.init) ?? "0")-\(digest.prefix(8))"
            let unnumbered = folder.isEmpty ? label : "\(folder)/\(label)"
            name = unnumbered
            var next = number ?? 2
            while !used.isFree(name) {
                name = "\(unnumbered)-\(next)"
                next += 1
            }
        }
        used.insert(name)
        let attachments = boxes(of: name, files[0])
        let paths = files.map(\.relativePath).sortedByBytes() + attachments.map(\.relativePath)
        do {
            let layout = try SeriesReader.layout(series, options: selection.seriesOptions)
            let outline = Outline(shape: layout.shape, spacing: layout.geometry.spacing)
            var input = ItemInput(
                content: .series(series), relativePaths: files.map(\.relativePath) + attachments.map(\.relativePath),
                outline: outline, isPhysical: layout.geometry.isPhysical, attachments: attachments,
                options: selection.seriesOptions)
            input.notes = layout.warnings.map(\.message)
            return WorkUnit(
                name: name, inputs: paths, estimatedBytes: memoryEstimate(outline), verdict: .process(input))
        } catch {
            let report = ErrorReport(error)
            return WorkUnit(
                name: name, inputs: paths,
                verdict: .fail(.init(code: report.code, stage: "read", message: "\(name): \(report.message)")))
        }
    }

    /// The deepest folder that holds all files.
    private func commonFolder(_ paths: [String]) -> String {
        var common = paths[0].pathParts().map(PathKey.init).dropLast()
        for path in paths.dropFirst() {
            let parts = path.pathParts().map(PathKey.init).dropLast()
            common = common.prefix(zip(common, parts).prefix { $0 == $1 }.count)
        }
        return common.map(\.text).joined(separator: "/")
    }
}
