import CStandards
import DataSets

/// Looks at the values that stay for identities that other elements gave away: a name typed into a field for technique.
struct IdentitySearch {
    let needles: NeedleSet
    let types: AttributeTypes
    /// Elements whose value had to go.
    private(set) var found: [Tag] = []

    init(_ needles: NeedleSet, _ types: AttributeTypes) { (self.needles, self.types) = (needles, types) }

    mutating func clean(_ dataSet: inout DataSet, in sequence: Tag? = nil) {
        for index in dataSet.elements.indices {
            let element = dataSet.elements[index]
            if case .items(var items) = element.value {
                let before = found.count
                for place in items.indices { clean(&items[place], in: element.tag) }
                if found.count > before { dataSet.elements[index] = DataElement(element.tag, .SQ, .items(items)) }
            } else if isHit(element, in: sequence) {
                found.append(element.tag)
                let need = types.need(of: element.tag, in: sequence)
                dataSet.elements[index] =
                    need == .type1 ? Dummy.element(element.tag, element.vr) : Dummy.empty(element.tag, element.vr)
            }
        }
    }

    private func isHit(_ element: DataElement, in sequence: Tag?) -> Bool {
        guard element.isOriginal, element.vr.isText, let bytes = element.bytes, bytes.count >= 2 else { return false }
        switch element.vr {
        // Numbers, and names of vocabulary, tell nobody.
        case .DS, .IS, .DA, .TM, .DT, .AS, .UI: return false
        case .CS where types.need(of: element.tag, in: sequence) == .type1: return false
        default: break
        }
        return bytes.withUnsafeBufferPointer { needles.identify($0, isCode: element.vr == .CS) }
    }
}
