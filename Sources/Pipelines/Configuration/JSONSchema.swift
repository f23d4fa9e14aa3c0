extension Registry {
    /// JSON Schema (draft 2020-12) of a pipeline file, for editors.
    public var jsonSchema: JSONValue {
        let bare: JSONValue = ["enum": .array(stages.map { .string($0.name) })]
        return [
            "$schema": "https://json-schema.org/draft/2020-12/schema",
            "title": "Hilum pipeline",
            "type": "object",
            "required": ["stages", "outputs"],
            "additionalProperties": false,
            "properties": [
                "name": ["type": "string", "description": "Name of the pipeline, for reports."],
                "input": [
                    "type": "object", "additionalProperties": false,
                    "properties": .object(
                        [
                            .init(
                                "modality",
                                ["type": "array", "items": ["enum": .array(modalities.map { .string($0) })]]),
                            .init(
                                "formats",
                                ["type": "array", "items": ["enum": .array(formats.map { .string($0) })]]),
                        ] + inputOptions.map(Registry.schema(of:))),
                ],
                "stages": [
                    "type": "array", "minItems": 1,
                    "items": ["anyOf": .array([bare] + stages.map(Registry.schema(of:)))],
                ],
                "variants": [
                    "type": "integer", "minimum": 1, "maximum": 1000, "default": 1,
                    "description": "Results of each item; they differ from the first stage that draws on.",
                ],
                "outputs": [
                    "type": "object", "minProperties": 1, "additionalProperties": false,
                    "properties": .object(
                        outputs.map { output in
                            let one = Registry.schema(of: output)
                            return .init(
                                output.name,
                                [
                                    "description": .string(output.summary),
                                    "anyOf": .array(one + [["type": "array", "items": ["anyOf": .array(one)]]]),
                                ])
                        }),
                ],
            ],
        ]
    }

    private static func schema(of option: InputOption) -> JSONValue.Member {
        var schema: JSONValue = ["description": .string(option.summary)]
        switch option.values {
        case .choice(let choices):
            schema.set("enum", .array(choices.map { .string($0) }))
            schema.set("default", .string(choices[0]))
        case .words(let count):
            schema.set("type", "array")
            schema.set("minItems", .integer(count.lowerBound))
            schema.set("maxItems", .integer(count.upperBound))
            schema.set("uniqueItems", true)
            schema.set("items", ["type": "string"])
        }
        return .init(option.name, schema)
    }

    /// A format by itself, and a mapping of format and options where the output has any.
    private static func schema(of output: Output<Item>) -> [JSONValue] {
        let format: JSONValue = ["enum": .array(output.formats.map { .string($0) })]
        guard !output.options.isEmpty else { return [format] }
        let properties = [JSONValue.Member("format", format)] + Registry.properties(output.options, output.defaults)
        return [
            format,
            [
                "type": "object", "additionalProperties": false, "required": ["format"],
                "properties": .object(properties),
            ],
        ]
    }

    private static func properties(_ parameters: [ParameterDescription], _ defaults: [JSONValue]) -> [JSONValue.Member]
    {
        zip(parameters, defaults).map { parameter, value in
            var schema = parameter.type.schema
            let unit = parameter.unit.map { " [\($0)]" } ?? ""
            schema.set("description", .string(parameter.summary + unit))
            if value != .null { schema.set("default", value) }
            return JSONValue.Member(parameter.name, schema)
        }
    }

    private static func schema(of stage: StageDescription<Item>) -> JSONValue {
        let properties = properties(stage.parameters, stage.defaults)
        return [
            "type": "object", "additionalProperties": false, "required": [.string(stage.name)],
            "properties": .object([
                .init(
                    stage.name,
                    [
                        "type": ["object", "null"], "description": .string(stage.summary),
                        "additionalProperties": false, "properties": .object(properties),
                    ])
            ]),
        ]
    }
}

extension ParameterDescription.ValueType {
    var schema: JSONValue {
        switch self {
        case .number(let range):
            return JSONValue.bounded(["type": "number"], range)
        case .integer(let range):
            return JSONValue.bounded(["type": "integer"], Double(range.lowerBound)...Double(range.upperBound))
        case .boolean: return ["type": "boolean"]
        case .text: return ["type": "string"]
        case .choice(let names): return ["enum": .array(names.map { .string($0) })]
        case .choices(let names):
            return ["type": "array", "items": ["enum": .array(names.map { .string($0) })], "uniqueItems": true]
        case .numbers(let count, let each, let integers):
            return [
                "type": "array", "minItems": .integer(count.lowerBound), "maxItems": .integer(count.upperBound),
                "items": JSONValue.bounded(["type": integers ? "integer" : "number"], each),
            ]
        }
    }

    /// "number, at least 1"; for `hilum stages`.
    public var summary: String {
        switch self {
        case .number(let range): "number, \(describe(range))"
        case .integer(let range): "whole number, \(describe(Double(range.lowerBound)...Double(range.upperBound)))"
        case .boolean: "true or false"
        case .text: "text"
        case .choice(let names): names.joined(separator: " | ")
        case .choices(let names): "any of \(names.joined(separator: ", "))"
        case .numbers(let count, let each, _):
            (count.lowerBound == count.upperBound
                ? "\(count.lowerBound)" : "\(count.lowerBound) to \(count.upperBound)")
                + " numbers, each \(describe(each))"
        }
    }
}

extension JSONValue {
    fileprivate static func bounded(_ schema: JSONValue, _ range: ClosedRange<Double>) -> JSONValue {
        var result = schema
        if range.lowerBound.isFinite { result.set("minimum", .number(range.lowerBound)) }
        if range.upperBound.isFinite { result.set("maximum", .number(range.upperBound)) }
        return result
    }
}
