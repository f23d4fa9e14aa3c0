import DICOM
import Glibc
import JPEG
import NIfTI
import PNG
import Parallel
import Pipelines
import Transforms
import Volumes

extension ItemInput {
    /// Reads the voxels and digests the files.
    ///
    /// - Parameters:
    ///   - first: the first stage of the pipeline when it is a resize. An image that can be is resized row by row while
    ///     it is read; the stage then finds it on its grid.
    ///   - keepsColor: a stage wants the colours of PNG and JPEG images, which are read as gray otherwise.
    /// - Throws: the error of the format's module, or `FileError`.
    func read(
        named name: String, before first: ResizeStage? = nil, keepsColor: Bool = false, workers: Workers = .single
    ) throws -> Item {
        if let first, let item = try readRows(named: name, before: first, workers) { return item }
        return try readWhole(named: name, digests: try digests(workers), keepsColor: keepsColor, workers)
    }

    /// - Parameter digests: as the item's source will tell them.
    func readWhole(
        named name: String, digests: [(path: String, digest: String)], keepsColor: Bool = false,
        _ workers: Workers = .single
    ) throws -> Item {
        let (volume, warnings) = try readVolume(keepsColor: keepsColor, workers)
        var item = item(named: name, digests, volume, warnings, geometry: volume.geometry, shape: volume.shape)
        for attachment in attachments { try item.attach(attachment) }
        try knownDigests.checkFiles()
        return item
    }

    private func readVolume(keepsColor: Bool, _ workers: Workers) throws -> (Volume, [ManifestEntry.Warning]) {
        switch content {
        case .series(let series):
            let (volume, notes) = try SeriesReader.read(series, options: options, workers: workers)
            return (volume, notes.map { .init(code: kebab($0.code.rawValue), message: $0.message) })
        case .file(.nifti, let paths):
            let (volume, notes) = try NIfTIFile.read(path: paths[0], options: .init(workers: workers))
            return (volume, notes.map { .init(code: kebab($0.code.rawValue), message: $0.message) })
        case .stack(let sequences, let paths, let resamples):
            return try StackReading(sequences: sequences, paths: paths, resamples: resamples).read(workers)
        case .file(.jpeg, let paths):
            let turned = ManifestEntry.Warning(
                code: "orientation-ignored", message: "EXIF says to turn the image for display; pixels are as stored")
            let header = try JPEGFile.header(path: paths[0])
            let (volume, warnings) = try picture(keepsColor, isColor: header.channels == 3) { keepsColor in
                try JPEGFile.read(path: paths[0], keepsColor: keepsColor)
            }
            return (volume, warnings + (header.isTurned ? [turned] : []))
        case .file(_, let paths):
            let alpha = ManifestEntry.Warning(
                code: "alpha-dropped", message: "transparency was left out; samples are taken as if opaque")
            let header = try PNGFile.header(path: paths[0])
            let (volume, warnings) = try picture(keepsColor, isColor: header.channels == 3) { keepsColor in
                try PNGFile.read(path: paths[0], keepsColor: keepsColor)
            }
            return (volume, warnings + (header.hasAlpha ? [alpha] : []))
        }
    }

    /// A picture of channels red, green, blue when its colours are wanted, otherwise gray. One whose file could have colours
    /// and has none is gray, whatever is wanted.
    private func picture(
        _ keepsColor: Bool, isColor: Bool, _ read: (_ keepsColor: Bool) throws -> Volume
    ) throws -> (Volume, [ManifestEntry.Warning]) {
        guard isColor else { return (try read(false), []) }
        let colors = try read(true)
        let (count, samples) = (colors.shape.voxelCount, colors.voxels)
        // Red and green against green and blue, as bytes at the speed of memory: much gray is stored as colours.
        guard samples.withUnsafeBytes({ memcmp($0.baseAddress!, $0.baseAddress! + 4 * count, 8 * count) != 0 }) else {
            // Luma of three equal samples is their value.
            var gray = colors.channel(0)
            gray.attributes.channelAxis = .none
            return (gray, [])
        }
        if keepsColor { return (colors, []) }
        let gray = ManifestEntry.Warning(
            code: "colour-as-gray",
            message:
                "the image has colours and was read as their luma (Rec. 601); a pipeline with the stage rgb keeps them"
        )
        return (try read(false), [gray])
    }

    /// One pass over the file for its pixels and its digest; nil where the image must be read whole.
    private func readRows(named name: String, before first: ResizeStage, _ workers: Workers) throws -> Item? {
        // What comes with an image lies on its whole grid.
        guard case .series(let series) = content, attachments.isEmpty else { return nil }
        let digest = InputDigest()
        guard let rows = try RowReader(series, options: options, inspect: { digest.update($0) }),
            // Padding must be seen before it is blended.
            rows.attributes.padding == nil, let resampling = first.resampling(of: rows.shape)
        else { return nil }
        let voxels = try resampling.run(rows.values) { (count, words) throws(DICOMError) in
            try rows.next(count, into: words)
        }
        try rows.finish()
        knownDigests.note(digest.finish(), of: paths[0])
        let volume = Volume(
            voxels: voxels, shape: resampling.shape, geometry: rows.geometry.scaled(by: resampling.scale),
            modality: rows.modality, attributes: rows.attributes)
        return item(
            named: name, try digests(workers), volume,
            rows.warnings.map { .init(code: kebab($0.code.rawValue), message: $0.message) }, geometry: rows.geometry,
            shape: rows.shape)
    }

    private func item(
        named name: String, _ digests: [(path: String, digest: String)], _ volume: Volume,
        _ warnings: [ManifestEntry.Warning], geometry: Geometry, shape: Shape
    ) -> Item {
        var source = ItemSource(format: format.rawValue, inputs: digests, geometry: geometry, shape: shape)
        if case .series(let series) = content {
            (source.series, source.seriesOptions) = (series, options)
        }
        return Item(name: name, source: source, volume: volume, warnings: warnings)
    }
}
