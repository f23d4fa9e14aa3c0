import Volumes

extension NIfTIHeader {
    /// Voxels at most, colours counted: 4 GiB as Float32.
    static let voxelLimit = 1 << 30
    /// Where voxels are copied and never held: 256 GiB of bytes.
    static let streamedVoxelLimit = 1 << 38

    /// Refuses what no image can be. `datatype` and the number of dimensions are set here.
    mutating func check(_ reader: ByteReader, path: String, voxelLimit: Int) throws(NIfTIError) {
        try checkDatatype(reader, path: path)
        let count = version == 2 ? reader.integer(16, Int64.self) : Int64(reader.integer(40, Int16.self))
        try checkDimensions(count: Int(count), path: path, voxelLimit)
        try checkRescale(path: path)
        // The four bytes behind the header are its extension flag.
        let least = isPair ? 0 : Self.lengths[version]! + 4
        guard voxelOffset >= least, voxelOffset <= 1 << 40 else {
            throw NIfTIError(.damaged, path: path, "vox_offset points into the header or is no whole number")
        }
    }

    private mutating func checkDimensions(count: Int, path: String, _ voxelLimit: Int) throws(NIfTIError) {
        guard (1...7).contains(count) else {
            throw NIfTIError(.damaged, path: path, "dim[0] is not in 1...7")
        }
        dimensions = Array(dimensions.prefix(count))
        guard dimensions.allSatisfy({ $0 >= 1 }) else {
            throw NIfTIError(.damaged, path: path, "a dimension is zero or negative")
        }
        var product = datatype.isColor ? 3 : 1
        for size in dimensions {
            let (next, overflow) = product.multipliedReportingOverflow(by: size)
            guard !overflow, next <= voxelLimit else {
                throw NIfTIError(.tooLarge, path: path, "more than \(voxelLimit) voxels")
            }
            product = next
        }
    }

    private mutating func checkDatatype(_ reader: ByteReader, path: String) throws(NIfTIError) {
        let code = Int(version == 2 ? reader.integer(12, Int16.self) : reader.integer(70, Int16.self))
        let bits = Int(version == 2 ? reader.integer(14, Int16.self) : reader.integer(72, Int16.self))
        guard let datatype = Datatype(rawValue: code) else {
            throw NIfTIError(.damaged, path: path, "datatype \(code) is not one of nifti1.h")
        }
        // bitpix 0 is common and harmless: datatype says the same.
        guard bits == 0 || bits == datatype.bitsPerVoxel else {
            throw NIfTIError(.damaged, path: path, "bitpix \(bits) contradicts datatype \(datatype)")
        }
        guard !isAnalyze || datatype != .rgb24 else {
            throw NIfTIError(.unsupported, path: path, "ANALYZE does not say how colours are ordered")
        }
        self.datatype = datatype
    }

    /// "If the scl_slope field is nonzero, then each voxel value in the dataset should be scaled"; never colours
    /// (nifti1.h). No number counts as zero, as in every peer; an infinite slope, and a slope without an intercept that
    /// is a number, leave no value that is right.
    private mutating func checkRescale(path: String) throws(NIfTIError) {
        guard let found = rescale, !datatype.isColor, found.slope != 0, !found.slope.isNaN else {
            rescale = nil
            return
        }
        guard found.slope.isFinite, found.intercept.isFinite else {
            throw NIfTIError(
                .damaged, path: path,
                "scl_slope is infinite or scl_inter is no number; set scl_slope to 0 if voxels need no scaling")
        }
    }
}
