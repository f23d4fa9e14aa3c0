import DataSets

/// A node of a structured report's content tree (PS3.3 C.17.3) and what hangs from it.
struct ContentItem {
    /// To the node that it hangs from.
    enum Relationship: String {
        case contains = "CONTAINS"
        case hasObservationContext = "HAS OBS CONTEXT"
        case hasConceptModifier = "HAS CONCEPT MOD"
        case selectedFrom = "SELECTED FROM"
    }

    private let elements: [DataElement]
    private let children: [ContentItem]

    private init(
        _ relationship: Relationship, _ valueType: String, _ name: Code?, _ elements: [DataElement],
        _ children: [ContentItem] = []
    ) {
        var all: [DataElement] = [
            .text("RelationshipType", relationship.rawValue), .text("ValueType", valueType),
        ]
        if let name { all.append(.items("ConceptNameCodeSequence", [name.item])) }
        (self.elements, self.children) = (all + elements, children)
    }

    static func container(_ name: Code, template: String? = nil, _ children: [ContentItem]) -> ContentItem {
        ContentItem(.contains, "CONTAINER", name, separate(template), children)
    }

    static func code(
        _ relationship: Relationship, _ name: Code, _ value: Code, _ children: [ContentItem] = []
    ) -> ContentItem {
        ContentItem(relationship, "CODE", name, [.items("ConceptCodeSequence", [value.item])], children)
    }

    static func text(_ relationship: Relationship, _ name: Code, _ value: String) -> ContentItem {
        ContentItem(relationship, "TEXT", name, [.text("TextValue", value)])
    }

    static func uid(_ relationship: Relationship, _ name: Code, _ value: String) -> ContentItem {
        ContentItem(relationship, "UIDREF", name, [.text("UID", value)])
    }

    static func number(_ name: Code, _ value: Double, _ unit: Code) -> ContentItem {
        let measured = DataSet(of: [
            .text("NumericValue", decimal(value)), .items("MeasurementUnitsCodeSequence", [unit.item]),
        ])
        return ContentItem(.contains, "NUM", name, [.items("MeasuredValueSequence", [measured])])
    }

    /// A closed line on an image: columns and rows in turn (PS3.3 C.18.6).
    static func region(_ name: Code, outline: [Double], on image: ResultImage) -> ContentItem {
        let selected = ContentItem(.selectedFrom, "IMAGE", nil, [.items("ReferencedSOPSequence", [image.reference])])
        return ContentItem(
            .contains, "SCOORD", name, [.text("GraphicType", "POLYLINE"), .floats("GraphicData", outline)],
            [selected])
    }

    private static func separate(_ template: String?) -> [DataElement] {
        [.text("ContinuityOfContent", "SEPARATE")]
            + (template.map { template in
                [
                    .items(
                        "ContentTemplateSequence",
                        [
                            DataSet(of: [
                                .text("MappingResource", "DCMR"), .text("TemplateIdentifier", template),
                            ])
                        ])
                ]
            } ?? [])
    }

    var dataSet: DataSet {
        DataSet(of: elements + (children.isEmpty ? [] : [.items("ContentSequence", children.map(\.dataSet))]))
    }

    /// The root of a tree, whose elements stand in the object's own data set.
    static func root(_ name: Code, template: String, _ children: [ContentItem]) -> [DataElement] {
        [
            .text("ValueType", "CONTAINER"), .items("ConceptNameCodeSequence", [name.item]),
            .items("ContentSequence", children.map(\.dataSet)),
        ] + separate(template)
    }
}
