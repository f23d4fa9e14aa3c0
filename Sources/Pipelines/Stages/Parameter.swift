/// One option of a stage: its name, its type and range, its unit, and where it goes.
///
/// The default is not repeated here: it is what `Stage.init()` leaves in the property.
public struct Parameter<Owner>: Sendable {
    public let description: ParameterDescription
    /// Reads the node into the owner, or says what is wrong with it.
    let assign: @Sendable (inout Owner, ConfigurationNode) -> Diagnostic?
    /// The value as it stands, for provenance.
    let read: @Sendable (Owner) -> JSONValue
}

/// What a parameter accepts, in words and for the JSON Schema.
public struct ParameterDescription: Sendable {
    public enum ValueType: Sendable {
        case number(ClosedRange<Double>)
        case integer(ClosedRange<Int>)
        case boolean
        case text
        case choice([String])
        case choices([String])
        case numbers(count: ClosedRange<Int>, each: ClosedRange<Double>, integers: Bool)
    }

    public let name: String
    public let type: ValueType
    public let unit: String?
    public let summary: String
}

extension Parameter {
    public typealias Path<Value> = any WritableKeyPath<Owner, Value> & Sendable

    public static func number(
        _ name: String, _ path: Path<Double>, in range: ClosedRange<Double> = -.infinity ... .infinity,
        unit: String? = nil, _ summary: String
    ) -> Parameter {
        make(
            .init(name: name, type: .number(range), unit: unit, summary: summary), path,
            json: { .number($0) }, parse: { $0.number(in: range) })
    }

    public static func number(
        _ name: String, _ path: Path<Double?>, in range: ClosedRange<Double> = -.infinity ... .infinity,
        unit: String? = nil, _ summary: String
    ) -> Parameter {
        make(
            .init(name: name, type: .number(range), unit: unit, summary: summary), path,
            json: { $0.map { .number($0) } ?? .null }, parse: { $0.number(in: range).map { $0 } })
    }

    public static func integer(
        _ name: String, _ path: Path<Int>, in range: ClosedRange<Int>, unit: String? = nil, _ summary: String
    ) -> Parameter {
        make(
            .init(name: name, type: .integer(range), unit: unit, summary: summary), path,
            json: { .integer($0) }, parse: { $0.integer(in: range) })
    }

    public static func boolean(_ name: String, _ path: Path<Bool>, _ summary: String) -> Parameter {
        make(
            .init(name: name, type: .boolean, unit: nil, summary: summary), path, json: { .bool($0) },
            parse: { $0.boolean.map(Reading.value) ?? .wrong("expected true or false, found \($0.kindDescription)") })
    }

    public static func text(_ name: String, _ path: Path<String>, _ summary: String) -> Parameter {
        make(
            .init(name: name, type: .text, unit: nil, summary: summary), path, json: { .string($0) },
            parse: { $0.string.map(Reading.value) ?? .wrong("expected text, found \($0.kindDescription)") })
    }

    public static func choice<Value>(
        _ name: String, _ path: Path<Value>, _ summary: String
    ) -> Parameter where Value: CaseIterable & RawRepresentable<String> & Sendable {
        let names = Value.allCases.map(\.rawValue)
        return make(
            .init(name: name, type: .choice(names), unit: nil, summary: summary), path,
            json: { .string($0.rawValue) }, parse: { $0.choice(names) })
    }

    public static func choice<Value>(
        _ name: String, _ path: Path<Value?>, _ summary: String
    ) -> Parameter where Value: CaseIterable & RawRepresentable<String> & Sendable {
        let names = Value.allCases.map(\.rawValue)
        return make(
            .init(name: name, type: .choice(names), unit: nil, summary: summary), path,
            json: { $0.map { .string($0.rawValue) } ?? .null },
            parse: { ($0.choice(names) as Reading<Value>).map { $0 } })
    }

    /// Any number of choices, each once.
    public static func choices<Value>(
        _ name: String, _ path: Path<[Value]>, _ summary: String
    ) -> Parameter where Value: CaseIterable & RawRepresentable<String> & Sendable {
        let names = Value.allCases.map(\.rawValue)
        return make(
            .init(name: name, type: .choices(names), unit: nil, summary: summary), path,
            json: { .array($0.map { .string($0.rawValue) }) },
            parse: { $0.list(count: 0...names.count, of: "names") { $0.choice(names) } })
    }

    /// A list of numbers.
    public static func numbers(
        _ name: String, _ path: Path<[Double]>, count: ClosedRange<Int>,
        each range: ClosedRange<Double> = -.infinity ... .infinity, unit: String? = nil, _ summary: String
    ) -> Parameter {
        make(
            .init(
                name: name, type: .numbers(count: count, each: range, integers: false), unit: unit, summary: summary),
            path, json: { .array($0.map { .number($0) }) },
            parse: { $0.list(count: count) { $0.number(in: range) } })
    }

    /// A list of numbers, or none.
    public static func numbers(
        _ name: String, _ path: Path<[Double]?>, count: ClosedRange<Int>,
        each range: ClosedRange<Double> = -.infinity ... .infinity, unit: String? = nil, _ summary: String
    ) -> Parameter {
        make(
            .init(
                name: name, type: .numbers(count: count, each: range, integers: false), unit: unit, summary: summary),
            path, json: { $0.map { .array($0.map { .number($0) }) } ?? .null },
            parse: { $0.list(count: count) { $0.number(in: range) }.map { $0 } })
    }

    /// A list of whole numbers.
    public static func integers(
        _ name: String, _ path: Path<[Int]>, count: ClosedRange<Int>, each range: ClosedRange<Int>,
        unit: String? = nil, _ summary: String
    ) -> Parameter {
        let bounds = Double(range.lowerBound)...Double(range.upperBound)
        return make(
            .init(
                name: name, type: .numbers(count: count, each: bounds, integers: true), unit: unit, summary: summary),
            path, json: { .array($0.map { .integer($0) }) },
            parse: { $0.list(count: count) { $0.integer(in: range) } })
    }

    private static func make<Value>(
        _ description: ParameterDescription, _ path: Path<Value>, json: @escaping @Sendable (Value) -> JSONValue,
        parse: @escaping @Sendable (ConfigurationNode) -> Reading<Value>
    ) -> Parameter {
        Parameter(
            description: description,
            assign: { owner, node in
                switch parse(node) {
                case .value(let value):
                    owner[keyPath: path] = value
                    return nil
                case .wrong(let message, let suggestion, let mark):
                    return Diagnostic(
                        mark ?? node.mark, "\(description.name): \(message)", suggestion: suggestion)
                }
            },
            read: { json($0[keyPath: path]) })
    }
}
