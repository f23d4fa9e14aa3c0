import Glibc

extension Workers {
    /// Calls `transform` with every element that `produce` hands on, while more are still coming; the thread that
    /// produces joins in when there are no more.
    ///
    /// - Returns: what `transform` said, in the order in which the elements were handed on.
    public func transformed<Element: Sendable, Result: Sendable>(
        _ produce: @Sendable ((Element) -> Void) -> Void, _ transform: @Sendable (Element) -> Result
    ) -> [Result] {
        let handover = Locked(Handover<Element, Result>())
        // Where there are fewer threads than numbers, the first is still the first to be called.
        forEach(count) { number in
            if number == 0 {
                produce { element in handover.withLock { $0.elements.append(element) } }
                handover.withLock { $0.isComplete = true }
            }
            while true {
                switch handover.withLock({ $0.take() }) {
                case .element(let place, let element):
                    let result = transform(element)
                    handover.withLock { $0.put(result, at: place) }
                case .nothingYet: usleep(50)
                case .noMore: return
                }
            }
        }
        return handover.withLock { $0.results.map { $0! } }
    }
}

/// Elements on their way from the thread that finds them to those that work on them.
private struct Handover<Element: Sendable, Result: Sendable>: Sendable {
    enum Next {
        case element(Int, Element)
        case nothingYet, noMore
    }

    var elements: [Element] = []
    var results: [Result?] = []
    var isComplete = false
    private var taken = 0

    mutating func take() -> Next {
        guard taken < elements.count else { return isComplete ? .noMore : .nothingYet }
        defer { taken += 1 }
        return .element(taken, elements[taken])
    }

    mutating func put(_ result: Result, at place: Int) {
        while results.count < elements.count { results.append(nil) }
        results[place] = result
    }
}
