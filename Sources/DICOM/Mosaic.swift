import Volumes

/// The slices of a volume side by side in one picture, row by row, as Siemens MR stores echo-planar series.
public struct Mosaic: Sendable, Hashable {
    /// Slices, at least 2.
    public var tiles: Int
    /// False when slices go against row x column, true when they go along; nil when the file does not tell.
    public var ascends: Bool?

    /// Tiles in a row and in a column of the picture.
    public var grid: Int { Int(Double(tiles).squareRoot().rounded(.up)) }

    /// LPS mm of the first pixel of the first tile. Image Position (Patient) is the corner that the whole picture
    /// would have if it were one slice around the same centre.
    func origin(_ header: DICOMHeader, position: SIMD3<Double>, orientation: Orientation) -> SIMD3<Double> {
        guard let spacing = header.pixelSpacing else { return position }
        let (rows, columns) = (header.rows - header.rows / grid, header.columns - header.columns / grid)
        return position + orientation.row * (spacing.betweenColumns * Double(columns) / 2)
            + orientation.column * (spacing.betweenRows * Double(rows) / 2)
    }

    /// Pictures `[channels, 1, grid * height, grid * width]` as volumes `[channels, tiles, height, width]`, in
    /// ascending order along the normal.
    func unfolded(_ pictures: [Float], _ shape: Shape) -> [Float] {
        let (height, width) = (shape.height / grid, shape.width / grid)
        var result: [Float] = []
        result.reserveCapacity(shape.channels * tiles * height * width)
        for channel in 0..<shape.channels {
            for slice in 0..<tiles {
                let tile = ascends ?? true ? slice : tiles - 1 - slice
                for row in 0..<height {
                    let start = channel * shape.sliceCount + (tile / grid * height + row) * shape.width
                    let first = start + tile % grid * width
                    result += pictures[first..<first + width]
                }
            }
        }
        return result
    }
}

extension DICOMHeader {
    /// A mosaic says so in Image Type and in the private elements that tell the number of its slices. Software XA30
    /// leaves the word in files that hold one slice; these are as large as what was acquired.
    mutating func readMosaic(_ data: Dataset) {
        guard frames == 1, imageType.contains("MOSAIC") else { return }
        let csa = data.privateBlock(0x0029, "SIEMENS CSA HEADER")?.bytes(0x10)
            .flatMap { CSAHeader($0, names: ["NumberOfImagesInMosaic", "SliceNormalVector"]) }
        let count =
            data.privateBlock(0x0019, "SIEMENS MR HEADER")?.numbers(0x0A, .words).first
            ?? csa?.numbers("NumberOfImagesInMosaic").first
        if let tiles = count.flatMap({ Int(exactly: $0) }), tiles > 1, tiles <= rows * columns {
            var mosaic = Mosaic(tiles: tiles)
            if rows % mosaic.grid == 0 && columns % mosaic.grid == 0 {
                if let normal = csa.flatMap({ SIMD3($0.numbers("SliceNormalVector")) }),
                    let orientation = imageOrientationPatient, abs(normal.dot(orientation.normal)) > 0.5
                {
                    mosaic.ascends = normal.dot(orientation.normal) > 0
                }
                self.mosaic = mosaic
                return
            }
        }
        let acquired = data.numbers(.acquisitionMatrix).max() ?? 0
        isUncountedMosaic = acquired <= 0 || Double(max(rows, columns)) >= 1.5 * acquired
    }
}
