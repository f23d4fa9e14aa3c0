import Pipelines

/// The names of items so far, for those that are named last: series of files.
struct ItemNames {
    private(set) var all: Set<String> = []
    /// What names begin with before a dot: an item of that name could write what theirs write.
    private var starts: Set<String> = []

    /// Takes the item of a file, whose name was chosen beside those of the files around it.
    mutating func insert(_ unit: WorkUnit<ItemInput>) {
        all.insert(unit.name)
        // Behind the extension of a format no mask's name follows.
        guard case .process = unit.verdict, FileFormat.stem(unit.name) == unit.name else { return }
        let last = unit.name.utf8.lastIndex(of: UInt8(ascii: "/")) ?? unit.name.startIndex
        for dot in unit.name.utf8[last...].indices where unit.name.utf8[dot] == UInt8(ascii: ".") {
            starts.insert(String(unit.name[..<dot]))
        }
    }

    mutating func insert(_ name: String) { all.insert(name) }

    func isFree(_ name: String) -> Bool { !all.contains(name) && !starts.contains(name) }
}
