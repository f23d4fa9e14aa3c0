import Volumes

/// The header of a file to be written, with its extensions: little endian, one file for all.
struct HeaderEncoder {
    let shape: Shape
    let geometry: Geometry
    let datatype: Datatype
    let rescale: Rescale?
    let channels: FourthAxis
    let extensions: [HeaderExtension]

    /// Rows in RAS: LPS becomes RAS here and nowhere else.
    private var rows: [[Double]] {
        geometry.affine.prefix(3).enumerated().map { index, row in index < 2 ? row.map { -$0 } : row }
    }

    /// dim[0...7].
    private var dimensions: [Int] {
        let space = [shape.width, shape.height, shape.depth]
        if shape.channels == 1 || datatype == .rgb24 { return [3] + space + [1, 1, 1, 1] }
        switch channels {
        case .components, .color: return [5] + space + [1, shape.channels, 1, 1]
        case .none, .time, .spectrum: return [4] + space + [shape.channels, 1, 1, 1]
        }
    }

    /// xyzt_units: millimetres, and seconds when the step in time is known; 0 for images without a size.
    private var units: Int {
        guard geometry.isPhysical else { return 0 }
        switch channels {
        case .time(nil) where dimensions[0] == 4: return 2
        case .spectrum where dimensions[0] == 4: return 2 | 32
        default: return 2 | 8
        }
    }

    private var timeStep: Double {
        if dimensions[0] == 4, case .time(let step) = channels { step ?? 0 } else { 1 }
    }

    /// NIFTI_INTENT_VECTOR for components.
    private var intent: Int { dimensions[0] == 5 ? 1007 : 0 }

    /// Where voxels start.
    private func voxelOffset(_ length: Int) -> Int { length + 4 + extensions.map(\.storedSize).reduce(0, +) }

    /// The header and everything up to the voxels.
    func encode(version: Int) -> [UInt8] {
        var writer = version == 1 ? nifti1() : nifti2()
        writer.append([extensions.isEmpty ? 0 : 1, 0, 0, 0])
        for item in extensions {
            writer.append(Int32(item.storedSize))
            writer.append(Int32(item.code))
            writer.append(item.bytes + Array(repeating: 0, count: item.storedSize - 8 - item.bytes.count))
        }
        return writer.bytes
    }

    /// 348 bytes of nifti1.h.
    private func nifti1() -> ByteWriter {
        var writer = ByteWriter(count: 348)
        writer.set(0, Int32(348))
        for (index, size) in dimensions.enumerated() { writer.set(40 + index * 2, Int16(size)) }
        writer.set(68, Int16(intent))
        writer.set(70, Int16(datatype.rawValue))
        writer.set(72, Int16(datatype.bitsPerVoxel))
        let quaternion = Quaternion(rows: rows, spacing: geometry.spacing)
        for (index, size) in pixdim(quaternion).enumerated() { writer.set(76 + index * 4, Float(size)) }
        writer.set(108, Float(voxelOffset(348)))
        writer.set(112, Float(rescale?.slope ?? 1))
        writer.set(116, Float(rescale?.intercept ?? 0))
        writer.set(123, UInt8(units))
        writer.setText(148, "hilum")
        writer.set(254, Int16(1))
        if let quaternion {
            writer.set(252, Int16(1))
            for axis in 0..<3 {
                writer.set(256 + axis * 4, Float(quaternion.bcd[axis]))
                writer.set(268 + axis * 4, Float(rows[axis][3]))
            }
        }
        for (index, value) in rows.joined().enumerated() { writer.set(280 + index * 4, Float(value)) }
        writer.setText(344, "n+1")
        return writer
    }

    /// 540 bytes of nifti2.h.
    private func nifti2() -> ByteWriter {
        var writer = ByteWriter(count: 540)
        writer.set(0, Int32(540))
        writer.setText(4, "n+2\0\r\n\u{1A}\n")
        writer.set(12, Int16(datatype.rawValue))
        writer.set(14, Int16(datatype.bitsPerVoxel))
        for (index, size) in dimensions.enumerated() { writer.set(16 + index * 8, Int64(size)) }
        let quaternion = Quaternion(rows: rows, spacing: geometry.spacing)
        for (index, size) in pixdim(quaternion).enumerated() { writer.set(104 + index * 8, size) }
        writer.set(168, Int64(voxelOffset(540)))
        writer.set(176, rescale?.slope ?? 1)
        writer.set(184, rescale?.intercept ?? 0)
        writer.setText(240, "hilum")
        writer.set(348, Int32(1))
        if let quaternion {
            writer.set(344, Int32(1))
            for axis in 0..<3 {
                writer.set(352 + axis * 8, quaternion.bcd[axis])
                writer.set(376 + axis * 8, rows[axis][3])
            }
        }
        for (index, value) in rows.joined().enumerated() { writer.set(400 + index * 8, value) }
        writer.set(500, Int32(units))
        writer.set(504, Int32(intent))
        return writer
    }

    /// pixdim[0] is the sign of the qform's third axis.
    private func pixdim(_ quaternion: Quaternion?) -> [Double] {
        let spacing = geometry.spacing
        return [quaternion?.qfac ?? 1, spacing.x, spacing.y, spacing.z, timeStep, 1, 1, 1]
    }
}

/// Numbers and text at given offsets of a header, little endian.
struct ByteWriter {
    private(set) var bytes: [UInt8]

    init(count: Int) { bytes = Array(repeating: 0, count: count) }

    mutating func set<Word: FixedWidthInteger>(_ offset: Int, _ value: Word) {
        for index in 0..<MemoryLayout<Word>.size {
            bytes[offset + index] = UInt8(truncatingIfNeeded: value >> (index * 8))
        }
    }

    mutating func set(_ offset: Int, _ value: Float) { set(offset, value.bitPattern) }
    mutating func set(_ offset: Int, _ value: Double) { set(offset, value.bitPattern) }

    mutating func setText(_ offset: Int, _ text: String) {
        for (index, byte) in text.utf8.enumerated() { bytes[offset + index] = byte }
    }

    mutating func append(_ more: [UInt8]) { bytes += more }

    mutating func append(_ value: Int32) {
        bytes += Array(repeating: 0, count: 4)
        set(bytes.count - 4, value)
    }
}
