public import Files
import Glibc
import Parallel
public import Volumes

/// A volume ready to be written as a NIfTI file in one piece (.nii, or .nii.gz when compressed). The same volume and
/// options give the same bytes, whatever the number of threads.
///
/// Sform and qform have code 1 (scanner) and mm; a sheared geometry has an sform only, because a qform cannot hold
/// shear. A single rescale goes into scl_slope and scl_inter, which are Float32 in NIfTI-1; one a slice is applied, since
/// NIfTI has no place for it.
public struct NIfTIWriter: Sendable {
    /// Header and extensions.
    private let prefix: [UInt8]
    private let voxels: VoxelSource
    /// Stored voxels.
    private let count: Int
    private let compression: Compression
    private let workers: Workers

    /// - Throws: `.invalidVolume` when no NIfTI file can hold the volume.
    public init(_ volume: Volume, options: WritingOptions = .init()) throws(NIfTIError) {
        let (shape, rescales) = (volume.shape, volume.attributes.rescales)
        guard rescales.count <= 1 || rescales.count == shape.depth else {
            throw NIfTIError(.invalidVolume, path: "", "\(rescales.count) rescales for \(shape.depth) slices")
        }
        let kept = rescales.count == 1 && Self.canKeep(rescales[0]) ? rescales[0] : nil
        let perSlice = rescales.count == 1 ? Array(repeating: rescales[0], count: shape.depth) : rescales
        let applied = kept == nil ? perSlice : []
        if case .words(let words, let table) = volume.storage, applied.isEmpty {
            try self.init(
                shape: shape, geometry: volume.geometry, voxels: VoxelSource(words, table, options.storage),
                rescale: kept,
                options: options)
            return
        }
        if case .deferred(let deferred) = volume.storage, applied.isEmpty, options.storage == .float32 {
            try self.init(
                shape: shape, geometry: volume.geometry, voxels: VoxelSource(deferred), rescale: kept, options: options)
            return
        }
        let values = VolumeValues(voxels: volume.voxels, shape: shape, rescales: applied)
        let datatype: Datatype
        if options.channels == .color, shape.channels == 3, rescales.allSatisfy(\.isIdentity),
            values.exactTypes(options.workers).contains(.uint8)
        {
            datatype = .rgb24
        } else {
            datatype = options.storage.datatype(of: values, options.workers)
        }
        try self.init(
            shape: shape, geometry: volume.geometry, voxels: VoxelSource(values, as: datatype), rescale: kept,
            options: options)
    }

    /// Voxels that another storage makes.
    /// - Parameter rescale: goes into the header as it is.
    public init(
        shape: Shape, geometry: Geometry, voxels: VoxelSource, rescale: Rescale?, options: WritingOptions
    ) throws(NIfTIError) {
        let sizes = [shape.width, shape.height, shape.depth, shape.channels]
        guard sizes.allSatisfy({ $0 >= 1 }) else {
            throw NIfTIError(.invalidVolume, path: "", "\(shape) voxels: NIfTI has no empty images")
        }
        let needsTwo = sizes.contains { $0 > 32767 }
        guard options.version != .one || !needsTwo else {
            throw NIfTIError(.invalidVolume, path: "", "\(shape) voxels: NIfTI-1 holds 1 to 32767 along each axis")
        }
        guard geometry.affine.joined().allSatisfy({ Float($0).isFinite }) else {
            throw NIfTIError(.invalidVolume, path: "", "the geometry holds something that is no number")
        }
        guard geometry.index(ofPosition: geometry.origin) != nil else {
            throw NIfTIError(.invalidVolume, path: "", "the geometry's axes are parallel, or a voxel size is zero")
        }
        guard voxels.datatype.bytesPerVoxel != nil else {
            throw NIfTIError(.invalidVolume, path: "", "\(voxels.datatype) voxels are not written")
        }
        guard options.extensions.reduce(0, { $0 + $1.storedSize }) <= NIfTIHeader.extensionLimit else {
            throw NIfTIError(.invalidVolume, path: "", "more than 16 MiB of header extensions, which no reader expects")
        }
        prefix = HeaderEncoder(
            shape: shape, geometry: geometry, datatype: voxels.datatype,
            rescale: voxels.datatype == .rgb24 ? nil : rescale, channels: options.channels,
            extensions: options.extensions
        ).encode(version: options.version == .two || needsTwo ? 2 : 1)
        count = voxels.datatype == .rgb24 ? shape.voxelCount : shape.count
        (self.voxels, compression, workers) = (voxels, options.compression, options.workers)
    }

    /// ".nii" or ".nii.gz".
    public var suffix: String { compression == .none ? ".nii" : ".nii.gz" }

    /// A slope of zero means "none" to every reader, and one that Float32 cannot hold would become that.
    private static func canKeep(_ rescale: Rescale) -> Bool {
        let (slope, intercept) = (Float(rescale.slope), Float(rescale.intercept))
        return slope.isNormal && intercept.isFinite
    }

    /// Converts and compresses piece by piece and writes in order; memory is a few MiB a thread.
    /// - Throws: whatever the file system refuses.
    public func write(to sink: borrowing FileSink) throws(FileError) {
        let pieces = FilePieces(prefixCount: prefix.count, voxelCount: count, voxelSize: voxels.datatype.bytesPerVoxel!)
        // Two runs of pieces a thread: threads wait less for the slowest.
        let most = workers.count == 1 ? 1 : workers.count * 2
        let batch = min(most * voxels.piecesInARow, pieces.count)
        let slots = PieceSlots(count: batch, isCompressed: compression != .none)
        for start in stride(from: 0, to: pieces.count, by: batch) {
            let number = min(batch, pieces.count - start)
            let runs = min(most, number)
            workers.forEach(runs) { run in
                let fill = voxels.filler()
                for slot in number * run / runs..<number * (run + 1) / runs {
                    let raw = slots.raw(slot, count: pieces.byteCount(start + slot))
                    switch pieces[start + slot] {
                    case .prefix(let range): raw.copyBytes(from: prefix[range])
                    case .voxels(let range): fill(range, raw)
                    }
                    slots.finish(slot, raw, compression)
                }
            }
            for slot in 0..<number {
                guard let bytes = slots.finished(slot) else {
                    throw FileError("compress a piece of", sink.path, .system(ENOMEM))
                }
                try sink.write(bytes)
            }
        }
    }
}
