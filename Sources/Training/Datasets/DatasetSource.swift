import Foundation

/// The files with annotations behind a path, and their format.
struct DatasetSource {
    var format: DatasetFormat
    var path: String
    var files: [String]

    /// Looks into a file, or into the files of a folder and of its `annotations`, by content.
    ///
    /// - Parameter format: what the user says it is; files of other formats are then passed over.
    /// - Throws: `TrainingError.dataset` when nothing fits, or several formats do.
    static func find(_ path: String, format: DatasetFormat?) throws(TrainingError) -> DatasetSource {
        var isFolder: ObjCBool = false
        guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) else {
            throw .unreadable(path: path, reason: "there is no such file or folder")
        }
        let candidates = isFolder.boolValue ? candidates(in: path) : [path]
        var found: [DatasetFormat: [String]] = [:]
        for file in candidates {
            if let seen = DatasetFormat(start: try start(of: file)) { found[seen, default: []].append(file) }
        }
        if let format {
            guard let files = found[format] else {
                throw .dataset(path: path, reason: "holds no \(format.title)" + hint(found))
            }
            return DatasetSource(format: format, path: path, files: files)
        }
        guard let (format, files) = found.first, found.count == 1 else {
            throw .dataset(
                path: path,
                reason: found.isEmpty
                    ? "is no data set of a known format; there are \(DatasetFormat.allCases.map(\.title).joined(separator: ", "))"
                    : "holds several data sets" + hint(found) + "; name one file, or the format")
        }
        guard files.count == 1 || [.coco, .vindr].contains(format) else {
            let names = files.map { URL(fileURLWithPath: $0).lastPathComponent }.joined(separator: ", ")
            throw .dataset(path: path, reason: "holds \(files.count) files of \(format.title) (\(names)); name one")
        }
        return DatasetSource(format: format, path: path, files: files)
    }

    private static func hint(_ found: [DatasetFormat: [String]]) -> String {
        guard !found.isEmpty else { return "" }
        let names = found.sorted { $0.key.rawValue < $1.key.rawValue }.map { format, files in
            "\(URL(fileURLWithPath: files[0]).lastPathComponent): \(format.title)"
        }
        return " (\(names.joined(separator: "; ")))"
    }

    private static func candidates(in folder: String) -> [String] {
        ["", "/annotations"].flatMap { below in
            ((try? FileManager.default.contentsOfDirectory(atPath: folder + below)) ?? []).sorted()
                .filter { name in ["csv", "json", "yaml", "yml"].contains { name.lowercased().hasSuffix("." + $0) } }
                .map { folder + below + "/" + $0 }
        }
    }

    private static func start(of path: String) throws(TrainingError) -> String {
        guard let file = FileHandle(forReadingAtPath: path), let data = try? file.read(upToCount: 1 << 16) else {
            throw .unreadable(path: path, reason: "it cannot be opened")
        }
        return String(decoding: data, as: UTF8.self)
    }
}
