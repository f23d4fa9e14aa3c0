/// Reads options into the value that owns them and appends what is wrong with them.
///
/// - Parameters:
///   - node: a mapping, or nothing for all defaults.
///   - name: of the owner, in a user's words: "the stage window".
func assign<Owner>(
    _ node: ConfigurationNode, to owner: inout Owner, _ parameters: [Parameter<Owner>], of name: String,
    _ diagnostics: inout [Diagnostic]
) {
    guard let entries = node.mapping else {
        diagnostics.append(
            Diagnostic(node.mark, "options of \(name) must be a mapping, found \(node.kindDescription)"))
        return
    }
    let names = parameters.map(\.description.name)
    for entry in entries {
        if let parameter = parameters.first(where: { $0.description.name == entry.key }) {
            if let mistake = parameter.assign(&owner, entry.value) { diagnostics.append(mistake) }
        } else {
            let known = names.isEmpty ? "it has none" : "it has \(names.joined(separator: ", "))"
            diagnostics.append(
                Diagnostic(
                    entry.keyMark, "\(name) has no option '\(entry.key)'; \(known)",
                    suggestion: nearest(to: entry.key, among: names)))
        }
    }
}
