/// The small real files under `fixtures/`; fixtures/README.md tells where each comes from and what is odd about it.
public enum Fixtures {
    /// The package's root folder, without a slash at the end.
    public static let root: String = {
        let parts = #filePath.split(separator: "/", omittingEmptySubsequences: false)
        return parts.dropLast(3).joined(separator: "/")
    }()

    /// Path of a fixture ("ct_small.dcm", "ct-series/03.dcm").
    public static func path(_ name: String) -> String { root + "/fixtures/" + name }
}
