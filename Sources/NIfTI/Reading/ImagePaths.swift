import Files

/// Which file holds the header and which the voxels.
enum ImagePaths {
    /// The .hdr for an .img, any other path as it is.
    static func header(_ path: String) -> String {
        for suffix in [".img", ".img.gz"] where path.hasSuffix(suffix) {
            return existing(path.dropLast(suffix.count), ".hdr")
        }
        return path
    }

    /// The .img of a pair for either of its files.
    static func voxels(_ path: String) throws(NIfTIError) -> String {
        if path.hasSuffix(".img") || path.hasSuffix(".img.gz") { return path }
        for suffix in [".hdr", ".hdr.gz"] where path.hasSuffix(suffix) {
            return existing(path.dropLast(suffix.count), ".img")
        }
        throw NIfTIError(.damaged, path: path, "the header belongs to a pair of files but is not named .hdr")
    }

    /// Plain when it is there, compressed otherwise: each file of a pair may be either.
    private static func existing(_ stem: Substring, _ suffix: String) -> String {
        (try? FileBytes.size(stem + suffix)) == nil && (try? FileBytes.size(stem + suffix + ".gz")) != nil
            ? stem + suffix + ".gz" : stem + suffix
    }
}
