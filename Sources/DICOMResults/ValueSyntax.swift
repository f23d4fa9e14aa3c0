import DataSets

/// Whether text without padding is a value, or several parted by backslashes, of a representation (PS3.5 table 6.2-1). Empty
/// ones are.
func isValue(_ text: String, of vr: ValueRepresentation) -> Bool {
    guard vr.isMultiValued else { return true }
    return text.split(separator: "\\").allSatisfy { value in
        let value = value.trimmed
        switch vr {
        case .DA: return isDate(value)
        case .TM: return isTime(value)
        case .UI: return UID.isValid(value)
        case .AS: return value.utf8.count == 4 && isDigits(value.prefix(3)) && "DWMY".contains(value.last!)
        case .CS:
            return value.utf8.count <= 16
                && value.allSatisfy { $0.isASCII && ($0.isUppercase || $0.isNumber || $0 == " " || $0 == "_") }
        case .DS: return value.utf8.count <= 16 && Double(value) != nil
        case .PN:
            let groups = value.split(separator: "=", omittingEmptySubsequences: false)
            return groups.count <= 3 && groups.allSatisfy { isLine($0, of: 64) }
        case .LO: return isLine(Substring(value), of: 64)
        case .SH: return isLine(Substring(value), of: 16)
        default: return true
        }
    }
}

/// YYYYMMDD.
func isDate(_ text: String) -> Bool {
    guard text.utf8.count == 8, isDigits(text[...]), let month = Int(text.dropFirst(4).prefix(2)),
        let day = Int(text.suffix(2))
    else { return false }
    return (1...12).contains(month) && (1...31).contains(day)
}

/// HH, HHMM, HHMMSS, or that with a point and up to six digits.
func isTime(_ text: String) -> Bool {
    let parts = text.split(separator: ".", maxSplits: 1, omittingEmptySubsequences: false)
    guard let whole = parts.first, [2, 4, 6].contains(whole.utf8.count), isDigits(whole) else { return false }
    if parts.count == 2, whole.utf8.count != 6 || !(1...6).contains(parts[1].utf8.count) || !isDigits(parts[1]) {
        return false
    }
    let numbers = stride(from: 0, to: whole.utf8.count, by: 2).compactMap { Int(whole.dropFirst($0).prefix(2)) }
    // A leap second has the number 60.
    return zip(numbers, [23, 59, 60]).allSatisfy { $0 <= $1 }
}

private func isDigits(_ text: Substring) -> Bool { text.utf8.allSatisfy { (0x30...0x39).contains($0) } }

private func isLine(_ text: Substring, of count: Int) -> Bool {
    text.unicodeScalars.count <= count
        && text.unicodeScalars.allSatisfy { $0.properties.generalCategory != .control }
}

extension Substring {
    fileprivate var trimmed: String { String(drop { $0 == " " }.reversed().drop { $0 == " " }.reversed()) }
}
