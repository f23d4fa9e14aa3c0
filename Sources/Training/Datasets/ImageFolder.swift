import Foundation

/// Image files below a folder, found by name: archives are unpacked into folders of anybody's choice.
struct ImageFolder {
    private let root: String
    /// Of the path below the root, by file name and by file name without its ending.
    private var files: [String: [String]]?

    init(root: String) { self.root = root }

    /// - Parameter name: a file's name with or without its ending, or a path, which must be the end of the file's: numbers
    ///   start anew in every folder, and another folder's image is another image.
    /// - Throws: `TrainingError.dataset` when several files are called so.
    mutating func path(of name: String) throws(TrainingError) -> String? {
        let parts = name.split(separator: "/").drop { $0 == "." || $0 == ".." }
        guard let last = parts.last else { return nil }
        let above = URL(fileURLWithPath: root).standardizedFileURL.path.split(separator: "/")
        let found = (known()[String(last)] ?? []).filter { path in
            (above + path.split(separator: "/")).dropLast().suffix(parts.count - 1).elementsEqual(parts.dropLast())
        }.sorted()
        guard found.count <= 1 else {
            throw .dataset(
                path: root,
                reason: "\(found.count) image files have the same name; name the folder of images (--images)")
        }
        return found.first.map { "\(root)/\($0)" }
    }

    private static let endings = ["png", "jpg", "jpeg", "dcm", "dicom", "nii"]

    private mutating func known() -> [String: [String]] {
        if let files { return files }
        var files: [String: [String]] = [:]
        for case let path as String in FileManager.default.enumerator(atPath: root) ?? .init() {
            let url = URL(fileURLWithPath: path)
            guard Self.endings.contains(url.pathExtension.lowercased()) else { continue }
            files[url.lastPathComponent, default: []].append(path)
            files[url.deletingPathExtension().lastPathComponent, default: []].append(path)
        }
        self.files = files
        return files
    }
}
