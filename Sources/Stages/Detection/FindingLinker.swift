import Networks
import Volumes

/// Joins boxes of neighbouring slices into findings: a lesion is one finding however many slices it crosses.
struct FindingLinker {
    /// Class names in the model's order.
    let classes: [String]
    /// Distance between slices that were looked at.
    let step: Int
    /// Slices that a finding must be seen in; fewer are taken for noise.
    let minimumSlices: Int

    private struct Chain {
        var members: [(slice: Int, box: Box, detection: Detection)]
        var last: (slice: Int, box: Box) { (members[members.count - 1].slice, members[members.count - 1].box) }
    }

    /// - Parameter slices: in ascending order of slice.
    /// - Returns: findings by descending score.
    func findings(in slices: [SliceDetections]) -> [Finding] {
        var chains: [Chain] = []
        for slice in slices {
            var isTaken = [Bool](repeating: false, count: chains.count)
            let order = slice.boxes.indices.sorted {
                slice.detections.boxes[$0].score > slice.detections.boxes[$1].score
            }
            for index in order {
                let (box, detection) = (slice.boxes[index], slice.detections.boxes[index])
                let candidates = chains.indices.filter { chain in
                    !(isTaken.indices.contains(chain) && isTaken[chain])
                        && slice.slice - chains[chain].last.slice <= 2 * step && slice.slice != chains[chain].last.slice
                }
                let best = candidates.max { overlap(chains[$0], box) < overlap(chains[$1], box) }
                if let best, overlap(chains[best], box) > 0.3 {
                    chains[best].members.append((slice.slice, box, detection))
                    isTaken[best] = true
                } else {
                    chains.append(Chain(members: [(slice.slice, box, detection)]))
                }
            }
        }
        return chains.filter { $0.members.count >= minimumSlices }.map(finding).sorted {
            ($0.score, $1.box.lower.z) > ($1.score, $0.box.lower.z)
        }
    }

    /// Overlap within the plane; the boxes lie in different slices.
    private func overlap(_ chain: Chain, _ box: Box) -> Double {
        var previous = chain.last.box
        (previous.lower.z, previous.upper.z) = (box.lower.z, box.upper.z)
        return previous.overlap(box)
    }

    /// What it is and how sure that is are said of one slice, the surest: of several, one would be a class's and the other
    /// another's.
    private func finding(_ chain: Chain) -> Finding {
        let key = chain.members.max { $0.detection.score < $1.detection.score } ?? chain.members[0]
        let probabilities = key.detection.probabilities.prefix(classes.count).map(Double.init)
        let best = probabilities.indices.max { probabilities[$0] < probabilities[$1] } ?? 0
        return Finding(
            label: classes[best], score: Double(key.detection.score), probabilities: probabilities,
            box: chain.members.dropFirst().reduce(chain.members[0].box) { $0.union($1.box) }, keySlice: key.slice,
            keyBox: key.box)
    }
}
