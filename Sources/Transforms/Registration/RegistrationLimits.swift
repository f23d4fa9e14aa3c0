/// What a registration must keep to be believed; anything else is a failure with a reason.
public struct RegistrationLimits: Sendable {
    /// Least mutual information on the finest level, nats.
    public var information: Double
    /// Least share of the compared points that lie within the moving image.
    public var visible: Double
    /// Said when there is less information.
    public var reason: String

    public init(
        information: Double = 0.05, visible: Double = 0.3,
        reason: String = "the images share almost nothing: are they of the same part of the body?"
    ) {
        (self.information, self.visible, self.reason) = (information, visible, reason)
    }

    /// Change of volume, and of any length, between two heads or two images of one body.
    private static let volume = 0.5...2.0
    private static let stretch = 0.6...1.6

    static func isPlausible(_ transform: AffineTransform) -> Bool {
        let stretches = transform.stretches
        return volume.contains(transform.determinant) && stretch.contains(stretches.lowerBound)
            && stretch.contains(stretches.upperBound)
    }

    /// - Throws: `.registrationFailed`.
    func check(_ result: Registration.Result, _ kind: TransformKind) throws(TransformError) {
        func rounded(_ value: Double) -> Double { (value * 100).rounded() / 100 }
        guard Self.isPlausible(result.transform) else {
            let stretches = result.transform.stretches
            throw TransformError(
                .registrationFailed,
                "the best map changes volumes by a factor of \(rounded(result.transform.determinant)) and lengths by "
                    + "\(rounded(stretches.lowerBound)) to \(rounded(stretches.upperBound)), more than two bodies differ"
            )
        }
        guard result.visible >= visible else {
            throw TransformError(
                .registrationFailed,
                "only \(Int((result.visible * 100).rounded())) % of the reference lie within the image; "
                    + "\(Int((visible * 100).rounded())) % are needed")
        }
        guard result.information >= information else {
            throw TransformError(
                .registrationFailed,
                "\(reason) (mutual information \(rounded(result.information)), at least \(information) is needed)")
        }
    }
}
