import CNIfTI
public import Volumes

extension NIfTIFile {
    /// Voxel type of a written file.
    public enum Storage: Sendable, Hashable {
        case float32
        /// Float32 unless every voxel is a whole number that Int16 holds.
        case int16WhenLossless
    }

    /// A volume as the bytes of a NIfTI-1 file (.nii, or .nii.gz when compressed); the same volume always gives the
    /// same bytes.
    ///
    /// Sform and qform have code 1 (scanner) and mm; a sheared geometry has an sform only, because a qform cannot hold
    /// shear. Channels become the fourth dimension. A single rescale goes into scl_slope and scl_inter; one a slice is
    /// applied, since NIfTI has no place for it.
    public static func encode(
        _ volume: Volume, compressed: Bool, storage: Storage = .float32
    ) throws(NIfTIError) -> [UInt8] {
        let shape = volume.shape
        guard [shape.width, shape.height, shape.depth, shape.channels].allSatisfy({ (1...32767).contains($0) }) else {
            throw NIfTIError(.invalidVolume, path: "", "\(shape) voxels: NIfTI-1 holds 1 to 32767 along each axis")
        }
        let (values, rescale) = try storedValues(volume)
        let isInteger = storage == .int16WhenLossless && holdsInt16(values)
        let header = header(volume, datatype: isInteger ? .int16 : .float32, rescale: rescale)
        let count = header.count + values.count * (isInteger ? 2 : 4)
        let bytes = [UInt8](unsafeUninitializedCapacity: count) { out, filled in
            let raw = UnsafeMutableRawBufferPointer(out)
            raw.copyBytes(from: header)
            let voxels = UnsafeMutableRawBufferPointer(rebasing: raw[header.count..<count])
            if isInteger {
                let words = voxels.bindMemory(to: Int16.self)
                for index in values.indices { words[index] = Int16(values[index]).littleEndian }
            } else {
                let words = voxels.bindMemory(to: UInt32.self)
                for index in values.indices { words[index] = values[index].bitPattern.littleEndian }
            }
            filled = count
        }
        return compressed ? try Gzip.deflate(bytes) : bytes
    }

    /// Whether every value is a whole number of Int16; negative zero would lose its sign.
    private static func holdsInt16(_ values: [Float]) -> Bool {
        for value in values {
            guard value >= -32768, value <= 32767, Float(Int16(value)) == value else { return false }
            guard value != 0 || value.sign == .plus else { return false }
        }
        return true
    }

    private static func storedValues(_ volume: Volume) throws(NIfTIError) -> (values: [Float], rescale: Rescale?) {
        let (shape, rescales) = (volume.shape, volume.attributes.rescales)
        guard rescales.count > 1 else { return (volume.voxels, rescales.first) }
        guard rescales.count == shape.depth else {
            throw NIfTIError(.invalidVolume, path: "", "\(rescales.count) rescales for \(shape.depth) slices")
        }
        let values = volume.voxels.enumerated().map { index, voxel in
            let rescale = rescales[index / shape.sliceCount % shape.depth]
            return Float(rescale.slope * Double(voxel) + rescale.intercept)
        }
        return (values, nil)
    }

    /// 348 bytes of nifti1.h and 4 that say "no extensions", little endian.
    private static func header(_ volume: Volume, datatype: Datatype, rescale: Rescale?) -> [UInt8] {
        let (shape, geometry) = (volume.shape, volume.geometry)
        var writer = ByteWriter(count: 352)
        writer.set(0, Int32(348))
        let isPlain = shape.channels == 1
        let sizes = [isPlain ? 3 : 4, shape.width, shape.height, shape.depth, shape.channels, 1, 1, 1]
        for (index, size) in sizes.enumerated() { writer.set(40 + index * 2, Int16(size)) }
        writer.set(70, Int16(datatype.rawValue))
        writer.set(72, Int16(datatype.bitsPerVoxel))
        writer.set(108, Float(352))
        writer.set(112, Float(rescale?.slope ?? 1))
        writer.set(116, Float(rescale?.intercept ?? 0))
        writer.set(123, UInt8(geometry.isPhysical ? 2 | 8 : 0))  // mm and seconds, or unknown
        writer.setText(148, "hilum")
        // LPS becomes RAS here and nowhere else.
        let rows = geometry.affine.prefix(3).enumerated().map { index, row in index < 2 ? row.map { -$0 } : row }
        for (row, values) in rows.enumerated() {
            for (column, value) in values.enumerated() { writer.set(280 + row * 16 + column * 4, Float(value)) }
        }
        writer.set(254, Int16(1))
        let spacing = geometry.spacing
        for axis in 0..<3 { writer.set(80 + axis * 4, Float(spacing[axis])) }
        for axis in 4...7 { writer.set(76 + axis * 4, Float(1)) }
        // Seconds between volumes; 0 where they are unknown, since 1 would be taken for the truth.
        if case .time(let step) = volume.attributes.channelAxis { writer.set(92, Float(step ?? 0)) }
        writer.set(76, Float(1))
        if let quaternion = Quaternion(rows: rows, spacing: spacing) {
            writer.set(76, Float(quaternion.qfac))
            writer.set(252, Int16(1))
            for axis in 0..<3 {
                writer.set(256 + axis * 4, Float(quaternion.bcd[axis]))
                writer.set(268 + axis * 4, Float(rows[axis][3]))
            }
        }
        writer.setText(344, "n+1")
        return writer.bytes
    }
}

/// The rotation of a qform (nifti1.h, method 2).
private struct Quaternion {
    let bcd: SIMD3<Double>
    let qfac: Double

    /// Nil when the steps are not perpendicular, which no qform can express.
    init?(rows: [[Double]], spacing: SIMD3<Double>) {
        var (b, c, d, x, y, z) = (0.0, 0.0, 0.0, 0.0, 0.0, 0.0)
        var (dx, dy, dz, qfac) = (0.0, 0.0, 0.0, 0.0)
        nifti_dmat44_to_quatern(nifti_dmat44(rows: rows), &b, &c, &d, &x, &y, &z, &dx, &dy, &dz, &qfac)
        let back = nifti_quatern_to_dmat44(b, c, d, x, y, z, dx, dy, dz, qfac).rows
        for (row, values) in rows.enumerated() {
            for column in 0..<3 where abs(back[row][column] - values[column]) > 1e-4 * spacing[column] { return nil }
        }
        self.bcd = [b, c, d]
        self.qfac = qfac
    }
}

/// Numbers and text at given offsets of a header, little endian.
private struct ByteWriter {
    private(set) var bytes: [UInt8]

    init(count: Int) { bytes = Array(repeating: 0, count: count) }

    mutating func set<Word: FixedWidthInteger>(_ offset: Int, _ value: Word) {
        for index in 0..<MemoryLayout<Word>.size {
            bytes[offset + index] = UInt8(truncatingIfNeeded: value >> (index * 8))
        }
    }

    mutating func set(_ offset: Int, _ value: Float) { set(offset, value.bitPattern) }

    mutating func setText(_ offset: Int, _ text: String) {
        for (index, byte) in text.utf8.enumerated() { bytes[offset + index] = byte }
    }
}
