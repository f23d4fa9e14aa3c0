/// A box that somebody or something named: a reader's annotation, a lesion that was put there.
///
/// On the grid of the image that it belongs to, on voxel edges as `Box` says.
public struct LabeledBox: Sendable, Hashable {
    public var label: String
    public var box: Box

    public init(label: String, box: Box) { (self.label, self.box) = (label, box) }
}
