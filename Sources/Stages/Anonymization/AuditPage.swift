import Pipelines

/// The audit report as one page that opens offline.
struct AuditPage {
    /// The report without its files and their chain.
    let summary: JSONValue
    /// Of the first `most` of them, as `row` says.
    let rows: [String]
    /// How many there are in all.
    let count: Int
    let chain: AuditChain

    /// Files listed one by one; the JSON has all.
    static let most = 2000

    var html: String {
        """
        <!doctype html>
        <html lang="en"><head><meta charset="utf-8"><title>De-identification report</title>
        <style>
        body { font: 15px/1.45 system-ui, sans-serif; margin: 2em auto; max-width: 62em; padding: 0 1em; color: #1c2733 }
        h1 { font-size: 1.6em } h2 { font-size: 1.15em; margin-top: 2em }
        table { border-collapse: collapse; width: 100% } td, th { text-align: left; padding: .3em .6em; vertical-align: top;
        border-bottom: 1px solid #dde3ea } td.n { text-align: right; font-variant-numeric: tabular-nums }
        code { font-size: .88em; word-break: break-all } .failed { color: #a11 } .skipped { color: #777 }
        .note { background: #f3f6f9; padding: .7em 1em; border-left: 4px solid #7a93ad }
        </style></head><body>
        <h1>De-identification report</h1>
        <p class="note">\(text(summary["notice"]))</p>
        <h2>What was applied</h2>
        <table>\(table(applied))</table>
        <h2>Files</h2>
        <table>\(table(members(summary["counts"])))</table>
        <h2>Actions by rule</h2>
        <table>\(table(members(summary["actions"])))</table>
        <h2>How alike patients are (k = \(text(summary["kAnonymity"]?["k"])))</h2>
        \(anonymity)
        <h2>File by file</h2>
        <table><tr><th>result</th><th>status</th><th>what</th></tr>
        \(rows.joined(separator: "\n"))
        </table>
        \(count > rows.count ? "<p>\(count - rows.count) more are in the JSON beside this page.</p>" : "")
        <h2>Chain</h2>
        <p>Each entry's digest covers the one before it. Head <code>\(chain.head)</code>, sealed with the
        project's key as <code>\(chain.seal)</code>. <code>hilum verify</code> checks both.</p>
        </body></html>

        """
    }

    private var applied: [(String, JSONValue)] {
        let standard = summary["standard"]
        return [
            ("program", summary["program"] ?? .null), ("profile", standard?["profile"] ?? .null),
            (
                "table",
                .string(
                    "\(text(standard?["table"])), edition \(text(standard?["edition"])), SHA-256 \(text(standard?["sha256"]))"
                )
            ),
            ("policy", .string((summary["policy"]?.elements ?? []).map { text($0) }.joined(separator: "; "))),
            ("key", summary["keyFingerprint"] ?? .null),
        ]
    }

    private var anonymity: String {
        let result = summary["kAnonymity"]
        let small = result?["groupsBelowK"]?.elements ?? []
        let head =
            "<p>\(text(result?["patients"])) patients in \(text(result?["groups"])) groups by what is still there of age, sex, "
            + "size, weight, body mass index, handedness, ethnic group, institution and device model; the smallest has \(text(result?["smallestGroup"])).</p>"
        guard !small.isEmpty else { return head }
        let lines = small.prefix(Self.most).map { group in
            let values = members(group["quasiIdentifiers"]).map { "\(escaped($0.0)) \(text($0.1))" }.joined(
                separator: ", ")
            let patients = group["patients"]?.elements ?? []
            return "<tr><td class=n>\(patients.count)</td><td>\(values.isEmpty ? "nothing is known" : values)</td>"
                + "<td><code>\(patients.prefix(10).map { text($0) }.joined(separator: " "))</code></td></tr>"
        }
        return head
            + "<table><tr><th>patients</th><th>share</th><th>pseudonyms</th></tr>\(lines.joined(separator: "\n"))</table>"
    }

    /// What the page says of one file.
    static func row(_ file: JSONValue) -> String {
        let status = text(file["status"])
        let actions = members(file["details"]?["actions"]).map { "\(escaped($0.0)): \(text($0.1))" }
        let unruled = (file["details"]?["unruled"]?.elements ?? []).map { text($0) }
        var what = file["reason"]?["message"].map { [text($0)] } ?? []
        what += (file["warnings"]?.elements ?? []).map { text($0) }
        if !actions.isEmpty { what.append(actions.joined(separator: "; ")) }
        if !unruled.isEmpty { what.append("without a rule: \(unruled.joined(separator: " "))") }
        return "<tr class=\"\(status)\"><td><code>\(text(file["item"]))</code></td><td>\(status)</td>"
            + "<td>\(what.joined(separator: "<br>"))</td></tr>"
    }
}

private func table(_ pairs: [(String, JSONValue)]) -> String {
    pairs.map { "<tr><td>\(escaped($0.0))</td><td>\(text($0.1))</td></tr>" }.joined(separator: "\n")
}

private func members(_ value: JSONValue?) -> [(String, JSONValue)] {
    if case .object(let members) = value { members.map { ($0.key, $0.value) } } else { [] }
}

private func text(_ value: JSONValue?) -> String {
    switch value {
    case nil, .null: ""
    case .string(let text): escaped(text)
    case .object(let members): members.map { "\(escaped($0.key)) \(text($0.value))" }.joined(separator: ", ")
    case .some(let other): escaped(other.text())
    }
}
