import DICOM
import Glibc
import Parallel
import Transforms
import Volumes

/// `hilum-read FOLDER THREADS`: the DICOM series of a folder to Float32 in output units, in memory. What `run` and
/// `convert` do beside that, digests and files, is not timed here.
let arguments = CommandLine.arguments
guard arguments.count == 3, let threads = Int(arguments[2]), let folder = opendir(arguments[1]) else {
    print("hilum-read FOLDER THREADS")
    exit(2)
}
var paths: [String] = []
while let entry = readdir(folder) {
    let name = withUnsafePointer(to: &entry.pointee.d_name) {
        $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
    }
    if !name.hasPrefix(".") { paths.append("\(arguments[1])/\(name)") }
}
let workers = Workers(count: threads)
let found = Locked([DICOMHeader?](repeating: nil, count: paths.count))
let sorted = paths.sorted()
workers.forEach(sorted.count) { index in
    let header = try? DICOMFile.header(path: sorted[index])
    found.withLock { $0[index] = header }
}
for series in SeriesReader.group(found.withLock { $0 }.compactMap { $0 }) {
    var volume = try SeriesReader.read(series, workers: workers).0
    try volume.applyRescale()
    let voxels = volume.floats(workers)
    print("\(volume.shape): first \(voxels[0]), last \(voxels[voxels.count - 1])")
}
