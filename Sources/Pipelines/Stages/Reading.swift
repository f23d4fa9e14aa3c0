/// A value taken from a node, or why it can't be.
enum Reading<Value> {
    case value(Value)
    case wrong(String, suggestion: String? = nil, at: ConfigurationNode.Mark? = nil)

    func map<Other>(_ transform: (Value) -> Other) -> Reading<Other> {
        switch self {
        case .value(let value): .value(transform(value))
        case .wrong(let message, let suggestion, let mark): .wrong(message, suggestion: suggestion, at: mark)
        }
    }
}

extension ConfigurationNode {
    func number(in range: ClosedRange<Double>) -> Reading<Double> {
        guard let number else { return .wrong("expected a number, found \(kindDescription)") }
        guard range.contains(number) else { return .wrong("must be \(describe(range)), found \(short(number))") }
        return .value(number)
    }

    func integer(in range: ClosedRange<Int>) -> Reading<Int> {
        guard let number, number == number.rounded(), abs(number) < 1e15 else {
            return .wrong("expected a whole number, found \(kindDescription)")
        }
        guard range.contains(Int(number)) else {
            return .wrong(
                "must be \(describe(Double(range.lowerBound)...Double(range.upperBound))), found \(Int(number))")
        }
        return .value(Int(number))
    }

    func choice<Value: RawRepresentable<String>>(_ names: [String]) -> Reading<Value> {
        guard let string else {
            return .wrong("expected one of \(names.joined(separator: ", ")), found \(kindDescription)")
        }
        guard let value = Value(rawValue: string) else {
            return .wrong(
                "'\(string)' is not one of \(names.joined(separator: ", "))",
                suggestion: nearest(to: string, among: names))
        }
        return .value(value)
    }

    func list<Element>(
        count: ClosedRange<Int>, of things: String = "numbers", _ element: (ConfigurationNode) -> Reading<Element>
    ) -> Reading<[Element]> {
        let wanted =
            count.lowerBound == count.upperBound ? "\(count.lowerBound)" : "\(count.lowerBound) to \(count.upperBound)"
        guard let sequence else { return .wrong("expected a list of \(wanted) \(things), found \(kindDescription)") }
        guard count.contains(sequence.count) else {
            return .wrong("expected \(wanted) \(things), found \(sequence.count)")
        }
        var elements: [Element] = []
        for node in sequence {
            switch element(node) {
            case .value(let value): elements.append(value)
            case .wrong(let message, let suggestion, _):
                return .wrong(message, suggestion: suggestion, at: node.mark)
            }
        }
        return .value(elements)
    }
}

/// "at least 1", "in [0, 0.5]", for messages and `hilum stages`.
public func describe(_ range: ClosedRange<Double>) -> String {
    switch (range.lowerBound.isFinite, range.upperBound.isFinite) {
    case (true, true): "in [\(short(range.lowerBound)), \(short(range.upperBound))]"
    case (true, false): "at least \(short(range.lowerBound))"
    case (false, true): "at most \(short(range.upperBound))"
    case (false, false): "any number"
    }
}

func short(_ value: Double) -> String {
    value == value.rounded() && abs(value) < 1e15 ? String(Int(value)) : String(value)
}
