import Files
import Pipelines

/// NumPy's array file, format version 1.0, C order; the data begins at a multiple of 64 bytes.
///
/// Source: numpy.lib.format (NEP 1).
enum NPYFile {
    static func file(_ array: TensorArray, suffix: String) -> OutputFile {
        let header = header(array)
        return OutputFile(suffix: suffix) { (sink) throws(FileError) in
            try sink.write(header)
            try array.bytes.write(to: sink)
        }
    }

    /// - Precondition: a type that NumPy has.
    static func header(_ array: TensorArray) -> [UInt8] {
        header(descriptor: array.bytes.type.numpyName!, shape: array.shape)
    }

    /// - Parameter descriptor: "<f4", or "<U12" for text.
    static func header(descriptor: String, shape: [Int]) -> [UInt8] {
        let sizes = shape.map(String.init).joined(separator: ", ") + (shape.count == 1 ? "," : "")
        var text = "{'descr': '\(descriptor)', 'fortran_order': False, 'shape': (\(sizes)), }"
        text += String(repeating: " ", count: 64 - (10 + text.utf8.count + 1) % 64) + "\n"
        let length = text.utf8.count
        return [0x93] + Array("NUMPY".utf8) + [1, 0, UInt8(length & 255), UInt8(length >> 8)] + Array(text.utf8)
    }

    /// Texts as an array of one axis: each the same number of UTF-32 characters, filled with zeros.
    static func texts(_ texts: [String]) -> [UInt8] {
        let width = max(1, texts.map(\.unicodeScalars.count).max() ?? 1)
        var bytes = header(descriptor: "<U\(width)", shape: [texts.count])
        for text in texts {
            let scalars = text.unicodeScalars.map(\.value)
            for value in scalars + Array(repeating: 0, count: width - scalars.count) {
                bytes += (0..<4).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }
            }
        }
        return bytes
    }
}
