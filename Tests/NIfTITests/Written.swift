import Files
import Foundation
import NIfTI
import TestSupport
import Volumes

/// The bytes of a volume written as a file.
func written(
    _ volume: Volume, compressed: Bool = false, storage: WritingOptions.Storage = .float32,
    _ change: (inout WritingOptions) -> Void = { _ in }
) throws -> [UInt8] {
    var options = WritingOptions()
    options.compression = compressed ? .fast : .none
    options.storage = storage
    change(&options)
    return try written(NIfTIWriter(volume, options: options))
}

func written(_ writer: NIfTIWriter) throws -> [UInt8] {
    let scratch = try Scratch()
    let path = scratch.path + "/image" + writer.suffix
    try AtomicFile.write(path, sync: false) { (sink) throws(FileError) in try writer.write(to: sink) }
    return [UInt8](try Data(contentsOf: URL(filePath: path)))
}
