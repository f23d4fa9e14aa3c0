import Foundation
import Yams

/// `data.yaml` of YOLO: names of classes and the folders, lists or files of each part.
private struct YOLOFile: Decodable {
    var path: String?
    var train: Paths?
    var val: Paths?
    var test: Paths?
    var names: Names

    /// One path or several.
    struct Paths: Decodable {
        var all: [String]
        init(from decoder: any Decoder) throws {
            let container = try decoder.singleValueContainer()
            all = try (try? container.decode([String].self)) ?? [container.decode(String.self)]
        }
    }

    /// A list, or a map from number to name.
    struct Names: Decodable {
        var byNumber: [Int: String]
        init(from decoder: any Decoder) throws {
            let container = try decoder.singleValueContainer()
            if let list = try? container.decode([String].self) {
                byNumber = Dictionary(uniqueKeysWithValues: list.enumerated().map { ($0.offset, $0.element) })
            } else {
                byNumber = try container.decode([Int: String].self)
            }
        }
    }
}

extension DatasetBuilder {
    /// Labels of `images/../a.jpg` stand in `labels/../a.txt`: class, centre x, centre y, width, height, as parts of the
    /// image. An image without such a file has no object, as YOLO has it. Lines with more numbers are outlines.
    mutating func readYOLO(_ path: String) throws(TrainingError) {
        let file: YOLOFile
        do { file = try YAMLDecoder().decode(YOLOFile.self, from: readText(path)) } catch let error as TrainingError {
            throw error
        } catch {
            throw .dataset(path: path, reason: "is not YOLO's data.yaml: it needs names, and train, val or test")
        }
        classes = file.names.byNumber.sorted { $0.key < $1.key }.map(\.value)
        let folder = URL(fileURLWithPath: path).deletingLastPathComponent().path
        let root = file.path.map { $0.hasPrefix("/") ? $0 : "\(folder)/\($0)" } ?? folder
        // `path` is often that of the machine where the set was made.
        let bases = [options.imageFolder, root, folder].compactMap { $0 }
        for (split, paths) in [("train", file.train), ("val", file.val), ("test", file.test)] {
            for part in paths?.all ?? [] {
                for image in try yoloImages(part, bases: bases, of: path) {
                    let number = try add(
                        LabelledImage(path: image.path, name: image.name, split: split), place: "\(split) image")
                    try readYOLOLabels(image.path, file.names.byNumber, into: number)
                }
            }
        }
    }

    private func yoloImages(
        _ part: String, bases: [String], of file: String
    ) throws(TrainingError) -> [(path: String, name: String)] {
        let places =
            part.hasPrefix("/")
            ? [part] : bases.map { "\($0)/\(part.hasPrefix("./") ? String(part.dropFirst(2)) : part)" }
        var isFolder: ObjCBool = false
        guard let place = places.first(where: { FileManager.default.fileExists(atPath: $0, isDirectory: &isFolder) })
        else {
            throw .dataset(path: file, reason: "names \(part), which is not there")
        }
        if isFolder.boolValue {
            let names = (FileManager.default.enumerator(atPath: place)?.allObjects as? [String] ?? []).sorted()
            return names.filter(Self.isImage).map { ("\(place)/\($0)", "\(part)/\($0)") }
        }
        let base = URL(fileURLWithPath: place).deletingLastPathComponent().path
        return try readText(place).split(whereSeparator: \.isNewline).map { line in
            let name = line.hasPrefix("./") ? String(line.dropFirst(2)) : String(line)
            return (name.hasPrefix("/") ? name : "\(base)/\(name)", name)
        }
    }

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
