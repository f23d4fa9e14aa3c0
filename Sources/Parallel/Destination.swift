/// Memory that the threads of a loop fill.
///
/// Unchecked: each place is written by one call of the loop's body, which the loop's author has to see to.
public struct Destination<Element>: @unchecked Sendable {
    public let start: UnsafeMutablePointer<Element>

    public init(start: UnsafeMutablePointer<Element>) { self.start = start }
}
