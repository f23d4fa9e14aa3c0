public import Files
import Foundation

/// A finished manifest, line by line.
public enum ManifestReader {
    /// - Throws: `FileError`; `.changed` for a line that is no entry.
    public static func entries(_ path: String) throws(FileError) -> [ManifestEntry] {
        let bytes = try FileBytes.read(path)
        let decoder = JSONDecoder()
        var entries: [ManifestEntry] = []
        for line in bytes.split(separator: UInt8(ascii: "\n")) {
            guard let entry = try? decoder.decode(ManifestEntry.self, from: Data(line)) else {
                throw FileError("understand a line of", path, .changed)
            }
            entries.append(entry)
        }
        return entries
    }
}
