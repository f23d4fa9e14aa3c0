import Foundation
import Pipelines

/// `data.yaml` of YOLO: names of classes and the folders, lists or files of each part.
private struct YOLOFile {
    var path: String?
    /// Train, val and test, as far as they are there.
    var parts: [String: [String]] = [:]
    /// By the class's number; the file has a list, or a map from number to name.
    var names: [Int: String] = [:]

    /// - Throws: `TrainingError` with the line of what is not understood, and for a file without names or parts. Other keys
    ///   are YOLO's own and pass.
    init(path file: String) throws(TrainingError) {
        let text = try readText(file)
        let root: ConfigurationNode
        do throws(ConfigurationError) { root = try ConfigurationNode.parse(yaml: text, name: file) } catch {
            throw .dataset(path: file, reason: "is no YAML")
        }
        for entry in root.mapping ?? [] {
            // "test:" with nothing behind it is common.
            if case .null = entry.value.content { continue }
            switch entry.key {
            case "path": path = entry.value.string
            case "train", "val", "test":
                for node in entry.value.sequence ?? [entry.value] {
                    parts[entry.key, default: []].append(try Self.text(node, file))
                }
            case "names":
                for (number, name) in (entry.value.sequence ?? []).enumerated() {
                    names[number] = try Self.text(name, file)
                }
                for member in entry.value.mapping ?? [] {
                    guard let number = Int(member.key) else {
                        throw .index(path: file, line: member.keyMark.line, reason: "a class's number must be whole")
                    }
                    names[number] = try Self.text(member.value, file)
                }
            default: break
            }
        }
        guard !names.isEmpty, !parts.isEmpty else {
            throw .dataset(path: file, reason: "is not YOLO's data.yaml: it needs names, and train, val or test")
        }
    }

    private static func text(_ node: ConfigurationNode, _ file: String) throws(TrainingError) -> String {
        guard let text = node.string else {
            throw .index(path: file, line: node.mark.line, reason: "expected a name, found \(node.kindDescription)")
        }
        return text
    }
}

extension DatasetBuilder {
    /// Labels of `images/../a.jpg` stand in `labels/../a.txt`: class, centre x, centre y, width, height, as parts of the
    /// image. An image without such a file has no object, as YOLO has it. Lines with more numbers are outlines.
    mutating func readYOLO(_ path: String) throws(TrainingError) {
        let file = try YOLOFile(path: path)
        classes = file.names.sorted { $0.key < $1.key }.map(\.value)
        let folder = URL(fileURLWithPath: path).deletingLastPathComponent().path
        let root = file.path.map { $0.hasPrefix("/") ? $0 : "\(folder)/\($0)" } ?? folder
        // `path` is often that of the machine where the set was made.
        let bases = [options.imageFolder, root, folder].compactMap { $0 }
        for split in ["train", "val", "test"] {
            for part in file.parts[split] ?? [] {
                for image in try yoloImages(part, bases: bases, of: path) {
                    let number = try add(
                        LabelledImage(path: image.path, name: image.name, split: split), place: "\(split) image")
                    try readYOLOLabels(image.path, file.names, into: number)
                }
            }
        }
    }

    private mutating func yoloImages(
        _ part: String, bases: [String], of file: String
    ) throws(TrainingError) -> [(path: String, name: String)] {
        // Roboflow's "../train/images" lies beside data.yaml all the same; YOLO looks there too.
        let names = part.hasPrefix("../") ? [part, String(part.dropFirst(3))] : [part]
        let places = names.flatMap { part in
            part.hasPrefix("/")
                ? [(path: part, part: part)]
                : bases.map { (path: "\($0)/\(part.hasPrefix("./") ? String(part.dropFirst(2)) : part)", part: part) }
        }
        var isFolder: ObjCBool = false
        guard
            let (place, part) = places.first(where: {
                FileManager.default.fileExists(atPath: $0.path, isDirectory: &isFolder)
            })
        else {
            throw .dataset(path: file, reason: "names \(part), which is not there")
        }
        if isFolder.boolValue {
            let names = (FileManager.default.enumerator(atPath: place)?.allObjects as? [String] ?? []).sorted()
            noteUnread(names, in: place, part)
            return names.filter(Self.isImage).map { ("\(place)/\($0)", "\(part)/\($0)") }
        }
        let base = URL(fileURLWithPath: place).deletingLastPathComponent().path
        return try readText(place).split(whereSeparator: \.isNewline).map { line in
            let name = line.hasPrefix("./") ? String(line.dropFirst(2)) : String(line)
            return (name.hasPrefix("/") ? name : "\(base)/\(name)", name)
        }
    }

    /// Images that YOLO reads and this program does not, and labels without any image: the data set would be smaller unnoticed.
    private mutating func noteUnread(_ names: [String], in folder: String, _ part: String) {
        let stem = { (name: String) in (name as NSString).deletingPathExtension }
        let read = Set(names.filter(Self.isImage).map(stem))
        for name in names where !read.contains(stem(name)) {
            let ending = (name as NSString).pathExtension.lowercased()
            guard Self.otherEndings.contains(ending) else { continue }
            problems.append(DatasetProblem(kind: .unreadable, place: "\(part): .\(ending)"))
        }
        guard let place = "\(folder)/".range(of: "/images/", options: .backwards) else { return }
        let labels = "\(folder)/".replacingCharacters(in: place, with: "/labels/")
        let files = (FileManager.default.enumerator(atPath: labels)?.allObjects as? [String] ?? []).sorted()
        let stems = Set(names.map(stem))
        // Drawing programs leave a list of classes there.
        for (number, file) in files.enumerated() where file.hasSuffix(".txt") && file != "classes.txt" {
            if !stems.contains(stem(file)) {
                problems.append(DatasetProblem(kind: .labelAlone, place: "\(part): label file \(number + 1)"))
            }
        }
    }

    /// Of images that YOLO reads (Ultralytics' `IMG_FORMATS`).
    private static let otherEndings: Set = [
        "avif", "bmp", "dng", "heic", "heif", "jp2", "mpo", "pfm", "tif", "tiff", "webp",
    ]

    private static func isImage(_ name: String) -> Bool {
        ["png", "jpg", "jpeg", "dcm", "dicom"].contains(URL(fileURLWithPath: name).pathExtension.lowercased())
    }

    private mutating func readYOLOLabels(_ image: String, _ names: [Int: String], into number: Int)
        throws(TrainingError)
    {
        guard let place = image.range(of: "/images/", options: .backwards) else {
            throw .dataset(
                path: image, reason: "YOLO keeps images below a folder images/ and labels beside it in labels/")
        }
        let labels =
            URL(fileURLWithPath: image.replacingCharacters(in: place, with: "/labels/"))
            .deletingPathExtension().path + ".txt"
        guard FileManager.default.fileExists(atPath: labels) else { return }
        let lines = try readText(labels).split(omittingEmptySubsequences: false, whereSeparator: \.isNewline)
        for (index, line) in lines.enumerated() where !line.allSatisfy(\.isWhitespace) {
            let words = line.split(whereSeparator: \.isWhitespace)
            let numbers = words.dropFirst().compactMap { Double($0) }
            guard let classNumber = Int(words[0]), numbers.count == words.count - 1,
                numbers.count == 4 || numbers.count >= 6 && numbers.count % 2 == 0
            else {
                throw .index(path: labels, line: index + 1, reason: "needs a class and four numbers, or an outline")
            }
            guard let label = names[classNumber] else {
                throw .index(path: labels, line: index + 1, reason: "class \(classNumber) has no name in the YAML file")
            }
            let at = "labels of image \(number + 1), line \(index + 1)"
            if numbers.count > 4 {
                problems.append(DatasetProblem(kind: .polygon, place: at))
                let (x, y) = (stride(from: 0, to: numbers.count, by: 2), stride(from: 1, to: numbers.count, by: 2))
                let (across, down) = (x.map { numbers[$0] }, y.map { numbers[$0] })
                // No number is lost: min and max of a NaN would hide it.
                let isFinite = numbers.allSatisfy(\.isFinite)
                let edges = [across.min()!, down.min()!, across.max()!, down.max()!]
                add(
                    box: isFinite ? edges : [.nan, 0, 0, 0], isNormalized: true, label: label, to: number, place: at)
            } else {
                let (cx, cy, w, h) = (numbers[0], numbers[1], numbers[2], numbers[3])
                add(
                    box: [cx - w / 2, cy - h / 2, cx + w / 2, cy + h / 2], isNormalized: true, label: label,
                    to: number, place: at)
            }
        }
    }
}
