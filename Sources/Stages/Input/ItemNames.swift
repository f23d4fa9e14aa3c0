import Files
import Pipelines

/// The names of items so far, for those that are named last: series of files.
struct ItemNames {
    private var all: Set<PathKey> = []
    /// What names begin with before a dot: an item of that name could write what theirs write.
    private var starts: Set<PathKey> = []

    /// Takes the item of a file, whose name was chosen beside those of the files around it.
    mutating func insert(_ unit: WorkUnit<ItemInput>) {
        all.insert(PathKey(unit.name))
        // Behind the extension of a format no mask's name follows.
        guard case .process = unit.verdict, FileFormat.stem(unit.name) == unit.name else { return }
        let last = unit.name.lastSlash ?? unit.name.startIndex
        for dot in unit.name.utf8[last...].indices where unit.name.utf8[dot] == UInt8(ascii: ".") {
            starts.insert(PathKey(String(unit.name[..<dot])))
        }
    }

    mutating func insert(_ name: String) { all.insert(PathKey(name)) }

    func contains(_ name: String) -> Bool { all.contains(PathKey(name)) }

    /// The name, with `-2` and on behind it where an item has it.
    func numbered(_ name: String) -> String {
        var (result, number) = (name, 2)
        while contains(result) {
            result = "\(name)-\(number)"
            number += 1
        }
        return result
    }

    func isFree(_ name: String) -> Bool { !contains(name) && !starts.contains(PathKey(name)) }
}
