/// Units in such an order that those worked on at once lie far apart, mostly in folders of their own: making files in one and the
/// same folder, workers would wait for its lock. As cards are: a cut into piles, and one from each in turn.
struct DealtUnits<Unit: Sendable>: AsyncSequence, Sendable {
    let units: [Unit]
    /// At least 1.
    let piles: Int

    struct Iterator: AsyncIteratorProtocol {
        private let units: [Unit]
        /// Cards of a pile.
        private let height: Int
        private var (row, place) = (0, 0)

        fileprivate init(_ units: [Unit], piles: Int) {
            self.units = units
            height = (units.count + piles - 1) / piles
        }

        mutating func next() async -> Unit? {
            if place >= units.count {
                row += 1
                place = row
            }
            guard row < height, place < units.count else { return nil }
            defer { place += height }
            return units[place]
        }
    }

    func makeAsyncIterator() -> Iterator { Iterator(units, piles: piles) }
}
