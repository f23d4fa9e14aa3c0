import CStandards

/// The tables of PS3.15 Annex E that rules come from.
public enum PS315 {
    public static var edition: String { String(cString: standard_edition()) }
    /// SHA-256 of the source that Table E.1-1 was taken from.
    public static var digest: String { String(cString: standard_digest()) }
    public static var safePrivateEdition: String { String(cString: standard_safe_private_edition()) }
}
