import NIfTI
import Parallel
import Pipelines
import Transforms
import Volumes

/// NIfTI files of one subject as the channels of one volume.
struct StackReading {
    /// In the order of the channels.
    let sequences: [String]
    let paths: [String]
    /// Whether an image on another grid than the first is interpolated onto it; otherwise it is refused.
    let resamples: Bool

    /// Values are in output units: each file has a slope of its own.
    ///
    /// - Throws: `NIfTIError`, `.gridMismatch`, or `.invalidLabels`'s like for a sequence of several channels.
    func read(_ workers: Workers) throws -> (Volume, [ManifestEntry.Warning]) {
        var (first, warnings) = try channel(0, workers)
        var voxels = first.voxels
        voxels.reserveCapacity(voxels.count * paths.count)
        for index in paths.indices.dropFirst() {
            var (volume, more) = try channel(index, workers)
            warnings += more
            do throws(ItemError) {
                try volume.requireGrid(of: first, named: "the voxels of \(sequences[index])")
            } catch {
                guard resamples else {
                    throw ItemError(
                        error.code,
                        "\(error.description), or say `stackGrid: first` to interpolate onto \(sequences[0])")
                }
                volume = try volume.resampled(onto: Grid(first), antialias: false, workers: workers)
                warnings.append(
                    .init(
                        code: "resampled",
                        message: "\(sequences[index]) was interpolated linearly onto the grid of \(sequences[0])"))
            }
            voxels += volume.voxels
        }
        first.attributes.channelAxis = .sequences(sequences)
        var shape = first.shape
        shape.channels = paths.count
        return (first.with(voxels: voxels, shape: shape, geometry: first.geometry), warnings)
    }

    private func channel(_ index: Int, _ workers: Workers) throws -> (Volume, [ManifestEntry.Warning]) {
        var (volume, notes) = try NIfTIFile.read(path: paths[index], options: .init(workers: workers))
        guard volume.shape.channels == 1 else {
            throw ItemError(
                .gridMismatch,
                "\(sequences[index]) has \(volume.shape.channels) channels and must have one to be stacked")
        }
        try volume.applyRescale()
        let warnings = notes.map {
            ManifestEntry.Warning(code: kebab($0.code.rawValue), message: "\(sequences[index]): \($0.message)")
        }
        return (volume, warnings)
    }
}
